package io.portreeve.bench.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.bench.IgdService;
import io.portreeve.bench.client.MeasuredProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmptyHandlerTest {
    @Test
    void answersACallWithAsManyOctetsAsItsPathSays() throws Exception {
        var loopback = InetAddress.getLoopbackAddress();
        int port = freePort(loopback);
        var java =
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1");
        try (var empty = MeasuredProcess.start(java, EmptyHandler.class, loopback.getHostAddress(), port)) {
            empty.await("ready");
            var service = new IgdService(
                    URI.create("http://" + loopback.getHostAddress() + ":" + port + "/381"),
                    "urn:schemas-upnp-org:service:WANIPConnection:1");

            assertThat(service.call(loopback, "GetExternalIPAddress", "")).hasSize(381);
        }
    }

    private static int freePort(InetAddress address) throws Exception {
        try (var socket = new ServerSocket(0, 1, address)) {
            return socket.getLocalPort();
        }
    }
}
