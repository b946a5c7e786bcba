package io.portreeve.igd.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.client.ServerAddress;
import io.portreeve.client.ServerView;
import io.portreeve.igd.gateway.Counts;
import io.portreeve.igd.http.RejectReason;
import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.Snapshot;
import io.portreeve.pcp.PcpAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsServerTest {
    private static final Optional<ServerAddress> SERVER =
            Optional.of(ServerAddress.at(PcpAddress.parse("100.64.0.1"), 5351));

    private final Snapshot snapshot =
            new Snapshot(new GatewayState(true, true, Optional.empty(), 0, 0), List.of(), 3, Optional.empty(), 4);
    private Measured gateway =
            new Measured(Optional.of(snapshot), new Counts(), Map.of(RejectReason.TOO_SLOW, 5L), List.of());
    private MetricsServer server;

    @BeforeEach
    void start() throws Exception {
        server = MetricsServer.start(0, () -> gateway);
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** {@return the whole answer} */
    private String ask(String method, String path, String host) throws Exception {
        try (var socket = new Socket("127.0.0.1", server.port())) {
            var request = method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private String get(String path) throws Exception {
        return ask("GET", path, "127.0.0.1:" + server.port());
    }

    @Test
    void tellsWhatThereIsToMeasure() throws Exception {
        assertThat(get("/metrics"))
                .startsWith("HTTP/1.1 200 ")
                .contains("Content-Type: text/plain; version=0.0.4")
                .contains(
                        "\nportreeve_alive 1\n",
                        "\nportreeve_ready 1\n",
                        "\nportreeve_pcp_silent_seconds 0\n",
                        "\nportreeve_port_mappings 0\n",
                        "\nportreeve_changes_under_way 3\n",
                        "\nportreeve_link_up 1\n",
                        "\nportreeve_external_address_known 0\n",
                        "\nportreeve_denials_total 4\n",
                        "\nportreeve_http_rejects_total{reason=\"too_slow\"} 5\n",
                        "\nportreeve_commit_seconds_count 0\n");
    }

    @Test
    void aGatewayThatHangsIsToldFromOneThatWorks() throws Exception {
        assertThat(get("/healthz")).startsWith("HTTP/1.1 200 ");
        assertThat(get("/readyz")).startsWith("HTTP/1.1 200 ");
        gateway = new Measured(Optional.empty(), new Counts(), Map.of(), List.of());
        assertThat(get("/healthz")).startsWith("HTTP/1.1 503 ").contains("no: the interworking does not answer");
        assertThat(get("/readyz")).startsWith("HTTP/1.1 503 ").contains("no: the interworking does not answer");
        assertThat(get("/metrics")).contains("\nportreeve_alive 0\n");
    }

    private void isProvidedBy(ServerView... servers) {
        gateway = new Measured(gateway.snapshot(), gateway.counts(), gateway.rejects(), List.of(servers));
    }

    private static ServerView server(Optional<ServerAddress> address, Optional<Duration> silentFor) {
        return new ServerView(
                "provider",
                address,
                Optional.of(PcpAddress.parse("100.64.0.2")),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                silentFor);
    }

    @Test
    void aGatewayWhosePcpServerIsSilentIsAliveAndNotReady() throws Exception {
        isProvidedBy(server(SERVER, Optional.of(Duration.ofSeconds(95))));
        assertThat(get("/readyz"))
                .startsWith("HTTP/1.1 503 ")
                .endsWith("\r\n\r\nno: the PCP server has answered nothing for 95 s: "
                        + "check that it runs, and that UDP is dropped neither on the way there nor back\n");
        assertThat(get("/healthz")).startsWith("HTTP/1.1 200 ");
        assertThat(get("/metrics"))
                .contains("\nportreeve_alive 1\n", "\nportreeve_ready 0\n", "\nportreeve_pcp_silent_seconds 95\n");
    }

    @Test
    void oneServerThatAnswersIsEnough() throws Exception {
        var silent = server(SERVER, Optional.of(Duration.ofSeconds(95)));
        isProvidedBy(silent, server(SERVER, Optional.empty()));
        assertThat(get("/readyz")).startsWith("HTTP/1.1 200 ");
        isProvidedBy(silent, server(Optional.empty(), Optional.empty()));
        assertThat(get("/readyz")).as("one that is not there cannot").startsWith("HTTP/1.1 503 ");
        isProvidedBy(silent, server(SERVER, Optional.of(Duration.ofSeconds(20))));
        assertThat(get("/metrics")).contains("\nportreeve_pcp_silent_seconds 20\n");
    }

    @Test
    void answersNobodyWhoMeansAnotherHost() throws Exception {
        assertThat(ask("GET", "/metrics", "rebound.example:" + server.port())).startsWith("HTTP/1.1 403 ");
        assertThat(ask("GET", "/metrics", "localhost:" + server.port())).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void isReadOnly() throws Exception {
        assertThat(ask("POST", "/metrics", "localhost:" + server.port())).startsWith("HTTP/1.1 405 ");
        assertThat(get("/elsewhere")).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void aPortThatIsTaken() {
        assertThatThrownBy(() -> MetricsServer.start(server.port(), () -> gateway))
                .isInstanceOf(MetricsException.class)
                .hasMessageContaining("choose another 'metrics-port'");
    }
}
