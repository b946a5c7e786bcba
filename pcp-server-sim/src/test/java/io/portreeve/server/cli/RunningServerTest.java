package io.portreeve.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.server.PcpServer;
import io.portreeve.server.ServerSettings;
import io.portreeve.server.capture.CaptureOrder;
import io.portreeve.server.control.ServerControl;
import io.portreeve.settings.Settings;
import io.portreeve.testing.Await;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that ask a running server. */
final class RunningServerTest {
    private static final PcpAddress CLIENT = PcpAddress.parse("127.0.0.1");

    private final Terminal terminal = new Terminal();

    @TempDir
    private Path directory;

    private PcpServer server() throws Exception {
        return PcpServer.start(ServerSettings.of(new Settings(
                "test",
                List.of(
                        "listen = 127.0.0.1",
                        "port = 0",
                        "pool = 203.0.114.1-203.0.114.2",
                        "state-dir = " + directory))));
    }

    /** {@return what {@code words} print, asked of the running server} */
    private String told(String... words) {
        terminal.clear();
        assertThat(terminal.run(ofServer(words))).as(terminal.err()).isZero();
        return terminal.out();
    }

    private String[] ofServer(String... words) {
        return Stream.concat(
                        Stream.of(words),
                        Stream.of("--control", directory.resolve("control.sock").toString()))
                .toArray(String[]::new);
    }

    @Test
    void mappingsOfAServer() throws Exception {
        try (var _ = server()) {
            assertThat(told("mappings")).isEqualTo("no mappings\n").isEqualTo(told("mappings", "list"));
            assertThat(told("mappings", "--json")).isEqualTo("[]\n");
            assertThat(told("subscribers")).isEqualTo("no subscriber has a mapping\n");
        }
    }

    @Test
    void anOperatorAddsRenumbersAndClears() throws Exception {
        try (var _ = server()) {
            assertThat(told("mappings", "add", "tcp", "100.64.0.2", "192.168.1.10:80", "203.0.114.1:8080"))
                    .isEqualTo("added: TCP 192.168.1.10:80 at 203.0.114.1:8080\n");
            assertThat(told("mappings")).contains("203.0.114.1:8080");
            assertThat(told("subscribers")).isEqualTo("""
                    SUBSCRIBER  MAPPINGS  EXTERNAL
                    100.64.0.2  1         203.0.114.1
                    """);
            assertThat(told("subscribers", "--json")).isEqualTo("""
                    [{"subscriber":"100.64.0.2","mappings":1,"external":"203.0.114.1"}]
                    """);
            assertThat(told("mappings", "renumber", "100.64.0.2", "203.0.114.2"))
                    .isEqualTo("moved: 100.64.0.2 to 203.0.114.2, mappings: 1, lost: 0\n");
            assertThat(told("subscribers")).contains("203.0.114.2");
            assertThat(told("mappings", "clear")).isEqualTo("cleared: 0 mappings; clients hear of it by a new epoch\n");
            assertThat(told("mappings", "clear", "100.64.0.2"))
                    .isEqualTo("cleared: 0 mappings of 100.64.0.2; clients hear of it by a new epoch\n");
            assertThat(told("mappings")).as("what an operator added stays").contains("203.0.114.2");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mappings add sctp 100.64.0.2 192.168.1.10:80 203.0.114.1:80 | 'sctp' is not tcp or udp
            mappings add tcp here 192.168.1.10:80 203.0.114.1:80       | 'here' is not an IP address
            mappings add tcp 100.64.0.2 192.168.1.10 203.0.114.1:80    | '192.168.1.10' is not an address and a port
            mappings add tcp 100.64.0.2 192.168.1.10:0 203.0.114.1:80  | '192.168.1.10:0' is not an address and a port
            mappings add tcp 100.64.0.2 192.168.1.10:80                | Missing required parameter: 'EXTERNAL'
            mappings add tcp 100.64.0.2 192.168.1.10:80 203.0.114.9:80 | 203.0.114.9:80 is no TCP port of the pool
            mappings renumber 100.64.0.2 203.0.114.9                   | 203.0.114.9 is no address of the pool
            mappings renumber 100.64.0.2 203.0.114.2                   | 100.64.0.2 has no external address yet
            mappings clear nobody                                      | 'nobody' is not an IP address
            """)
    void whatCannotBeDoneIsOneLine(String words, String message) throws Exception {
        try (var _ = server()) {
            terminal.assertFails(message, ofServer(words.split(" ")));
        }
    }

    @Test
    void whatIsAddedTwiceIsThereOnce() throws Exception {
        try (var _ = server()) {
            told("mappings", "add", "tcp", "100.64.0.2", "192.168.1.10:80", "203.0.114.1:8080");
            assertThat(told("mappings", "add", "tcp", "100.64.0.2", "192.168.1.10:80", "203.0.114.1:8080", "--json"))
                    .isEqualTo("{\"added\":false,\"subscriber\":\"100.64.0.2\",\"protocol\":\"TCP\","
                            + "\"internal\":\"192.168.1.10:80\",\"external\":\"203.0.114.1:8080\"}\n");
            terminal.clear();
            terminal.assertFails(
                    "in the way: TCP 192.168.1.10:80 at 203.0.114.1:8080, which was added before",
                    ofServer("mappings", "add", "tcp", "100.64.0.3", "192.168.1.10:80", "203.0.114.1:8080"));
        }
    }

    private static void ask(PcpServer server, PcpRequest request) throws Exception {
        try (var socket = new DatagramSocket()) {
            var octets = PcpEncoder.encode(request);
            socket.setSoTimeout(60_000);
            socket.send(new DatagramPacket(octets, octets.length, server.address()));
            socket.receive(new DatagramPacket(new byte[100], 100));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mappings clear", "mappings clear 127.0.0.1"})
    void whatAClientHasIsCleared(String words) throws Exception {
        try (var server = server()) {
            ask(
                    server,
                    new MapRequest(
                            new Lifetime(3600),
                            CLIENT,
                            new MappingNonce(1, 2, 3),
                            IpProtocol.TCP,
                            8080,
                            0,
                            PcpAddress.ANY_IPV4,
                            List.of()));
            assertThat(told("mappings")).contains("127.0.0.1:8080");
            assertThat(told(words.split(" "))).startsWith("cleared: 1 mappings");
            Await.until("it is gone", () -> told("mappings").equals("no mappings\n"));
        }
    }

    @Test
    void statsOfAServer() throws Exception {
        try (var server = server()) {
            ask(server, new AnnounceRequest(CLIENT));
            assertThat(told("stats")).isEqualTo("""
                    answers
                                 1  SUCCESS
                    options
                    requests
                                 1  ANNOUNCE
                    """);
            assertThat(told("stats", "--json")).isEqualTo("""
                    {"answers":{"SUCCESS":1},"options":{},"requests":{"ANNOUNCE":1}}
                    """);
        }
    }

    @Test
    void faultsOfAServer() throws Exception {
        try (var _ = server()) {
            terminal.assertFails(
                    "'drop-answers=30': expected 0% to 100%, or off",
                    ofServer("faults", "set", "delay=1s", "drop-answers=30"));
            assertThat(told("faults", "set", "drop-answers=30%", "delay=200ms"))
                    .isEqualTo("drop-answers=30% delay=200ms\n");
            assertThat(told("faults", "set", "delay=off")).isEqualTo("drop-answers=30%\n");
            assertThat(told("faults")).isEqualTo("drop-answers=30%\n");
            assertThat(told("faults", "--json")).isEqualTo("{\"drop-answers\":\"30%\"}\n");
            assertThat(told("faults", "clear")).isEqualTo("no faults\n");
        }
    }

    @Test
    void restartsAServer() throws Exception {
        try (var _ = server()) {
            told("mappings", "add", "tcp", "100.64.0.2", "192.168.1.10:80", "203.0.114.1:8080");
            assertThat(told("restart")).startsWith("started again: 1 mappings restored, epoch ");
            assertThat(told("restart", "--without-state")).isEqualTo("started again: 0 mappings restored, epoch 0 s\n");
        }
    }

    @Test
    void jsonMayStandBeforeTheSubcommandToo() throws Exception {
        try (var _ = server()) {
            assertThat(told("mappings", "--json", "list")).isEqualTo("[]\n");
            assertThat(told("mappings", "clear", "100.64.0.2", "--json"))
                    .isEqualTo("{\"subscriber\":\"100.64.0.2\",\"cleared\":0}\n");
        }
    }

    @Test
    void aCaptureThatSomebodyElseEnds() throws Exception {
        var file = directory.resolve("first.pcap");
        try (var server = server()) {
            var control = directory.resolve("control.sock");
            var exit = CompletableFuture.supplyAsync(() -> terminal.run(ofServer("capture", file.toString())));
            Await.until(
                    "it captures",
                    () -> ServerControl.ask(control, List.of("capture")).startsWith("it captures; "));
            var other = CaptureOrder.word(directory.resolve("other.pcap"));
            assertThatThrownBy(() -> ServerControl.ask(control, List.of("capture", "stop", other)))
                    .hasMessageContaining("it does not capture into " + directory.resolve("other.pcap"));
            ServerControl.ask(control, List.of("capture", "stop"));
            assertThat(exit.get(60, TimeUnit.SECONDS)).isZero();
            assertThat(terminal.out()).endsWith("somebody else has ended it\n");
            assertThat(server.failure()).isNotDone();
        }
    }

    @Test
    void aCaptureWhoseServerEnds() throws Exception {
        var exit = new CompletableFuture<Integer>();
        try (var _ = server()) {
            exit.completeAsync(() ->
                    terminal.run(ofServer("capture", directory.resolve("x.pcap").toString())));
            Await.until("it captures", () -> terminal.out().startsWith("it captures; "));
        }
        assertThat(exit.get(60, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(terminal.err()).containsPattern("nobody answers there|the server ends");
    }

    @Test
    void capturesForATime() throws Exception {
        var file = directory.resolve("a capture.pcap");
        try (var server = server()) {
            assertThat(told("capture")).isEqualTo("it captures nothing\n");
            assertThat(told("capture", file.toString(), "--for", "1ms")).isEqualTo("""
                    it captures; 0 datagrams in %1$s
                    0 datagrams in %1$s
                    """.formatted(file));
            assertThat(file).hasSize(24);
            terminal.clear();
            terminal.assertFails("it captures nothing", ofServer("capture", "--stop"));
            terminal.clear();
            terminal.assertFails("'soon' is not a time", ofServer("capture", file.toString(), "--for", "soon"));
            terminal.clear();
            terminal.assertFails("FILE", ofServer("capture", "--for", "1ms"));
            assertThat(server.failure()).isNotDone();
        }
    }
}
