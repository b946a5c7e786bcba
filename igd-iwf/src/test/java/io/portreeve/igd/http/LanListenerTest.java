package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.igd.ssdp.Lan;
import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.Await;
import java.io.IOException;
import java.net.BindException;
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

    /** A thread that waits for connections gives the port back itself, a moment after it is told to. */
    private static void awaitThatNobodyHas(int port) throws Exception {
        Await.until("the port is given back", () -> {
            try (var _ = new ServerSocket(port, 1, InetAddress.ofLiteral(ADDRESS))) {
                return true;
            } catch (BindException e) {
                return false;
            }
        });
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
        awaitThatNobodyHas(port);
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
        awaitThatNobodyHas(port);
    }
}
