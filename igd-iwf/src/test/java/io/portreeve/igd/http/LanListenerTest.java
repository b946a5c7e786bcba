package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.igd.ssdp.Lan;
import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.pcp.PcpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The port is given back, whatever Jetty does. */
class LanListenerTest {
    private static final String ADDRESS = "127.0.0.1";
    private static final Lan LAN = new Lan("lo", new LanPrefix(PcpAddress.parse(ADDRESS), 8));

    private final Server server = new Server();

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private static void assertThatNobodyHas(int port) {
        assertThatCode(() -> new ServerSocket(port, 1, InetAddress.ofLiteral(ADDRESS)).close())
                .doesNotThrowAnyException();
    }

    @Test
    void afterAConnectorThatDoesNotStop() throws Exception {
        server.start();
        var listener = LanListener.open(LAN, 0, new ServerConnector(server) {
            @Override
            protected void doStop() throws Exception {
                throw new IOException("stuck");
            }
        });
        listener.start();
        int port = listener.port();
        listener.close();
        assertThatNobodyHas(port);
    }

    @Test
    void afterAConnectorThatDoesNotOpen() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.ofLiteral(ADDRESS))) {
            port = free.getLocalPort();
        }
        var bug = new IllegalStateException("a bug in the connector");
        assertThatThrownBy(() -> LanListener.open(LAN, port, new ServerConnector(server) {
                    @Override
                    public void open(ServerSocketChannel listening) {
                        throw bug;
                    }
                }))
                .isSameAs(bug);
        assertThatNobodyHas(port);
    }
}
