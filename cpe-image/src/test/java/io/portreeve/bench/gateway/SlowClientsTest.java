package io.portreeve.bench.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlowClientsTest {
    private static final int CLIENTS = 500;
    private static final int LONGEST_WAIT_MILLIS = 30_000;

    @Test
    void theyBeginARequestAndBeginAgainWhereTheyAreCutOff() throws Exception {
        var loopback = InetAddress.getLoopbackAddress();
        try (var server = new ServerSocket(0, 2 * CLIENTS, loopback)) {
            server.setSoTimeout(LONGEST_WAIT_MILLIS);
            var control = URI.create("http://" + loopback.getHostAddress() + ":" + server.getLocalPort() + "/control");
            try (var clients = new SlowClients(List.of(loopback), control)) {
                clients.step();
                try (var first = server.accept()) {
                    first.setSoTimeout(LONGEST_WAIT_MILLIS);
                    var begun = new String(first.getInputStream().readNBytes(20), StandardCharsets.US_ASCII);
                    assertThat(begun).isEqualTo("POST /control HTTP/1");
                }
                for (int i = 0; i < CLIENTS; i++) {
                    clients.step(); // all others, and the first again
                }
                for (int i = 0; i < CLIENTS; i++) {
                    server.accept().close();
                }
            }
        }
    }
}
