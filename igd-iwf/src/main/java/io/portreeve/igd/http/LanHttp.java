package io.portreeve.igd.http;

import io.portreeve.igd.gena.Subscriptions;
import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.igd.upnp.InternetGateway;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jetty, made small: one selector, few threads, calls that wait on virtual ones, and a bound on all that a client can make grow. */
final class LanHttp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LanHttp.class);
    private static final int MAX_THREADS = 6;
    private static final int MIN_THREADS = 1;
    private static final int NO_ACCEPTORS = 0;
    private static final int ONE_SELECTOR = 1;
    private static final int MAX_CONNECTIONS = 64;
    private static final int MAX_HEADER = 8 * 1024;
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final Server server;
    private final ServerConnector connector;

    /** Ours, because a connector that was opened and never started does not give its port back. */
    private final ServerSocketChannel listening;

    /** Takes the port; who connects waits until {@link #start}. */
    static LanHttp open(LanPrefix lan, int port, InternetGateway gateway, Subscriptions subscriptions)
            throws LanServerException {
        LanHttp http;
        try {
            http = new LanHttp(lan, port, gateway, subscriptions);
        } catch (IOException e) {
            throw new LanServerException("no socket can be had: " + e.getMessage());
        }
        try {
            http.bind(new InetSocketAddress(lan.address().toInetAddress(), port));
            return http;
        } catch (IOException e) {
            http.close();
            throw http.failed(e);
        }
    }

    private void bind(InetSocketAddress address) throws IOException {
        listening.bind(address);
        connector.open(listening);
    }

    void start() throws LanServerException {
        try {
            server.start();
        } catch (Exception e) {
            throw failed(e);
        }
    }

    private LanServerException failed(Exception e) {
        return new LanServerException("TCP " + connector.getHost() + ":" + connector.getPort() + " " + reason(e));
    }

    private LanHttp(LanPrefix lan, int port, InternetGateway gateway, Subscriptions subscriptions) throws IOException {
        listening = ServerSocketChannel.open();
        server = new Server(threads());
        connector = new ServerConnector(server, NO_ACCEPTORS, ONE_SELECTOR, new HttpConnectionFactory(configuration()));
        connector.setHost(lan.address().toString());
        connector.setPort(port);
        connector.setIdleTimeout(IDLE.toMillis());
        connector.addBean(new LanPeers(lan));
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, connector));
        server.setHandler(new GatewayHandler(lan.address(), gateway, subscriptions));
        server.setErrorHandler((_, _, callback) -> {
            callback.succeeded(); // the status alone: Jetty's own page tells strangers what runs here
            return true;
        });
    }

    private static QueuedThreadPool threads() {
        var threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("http");
        threads.setReservedThreads(0);
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-call-"));
        return threads;
    }

    private static HttpConfiguration configuration() {
        var configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(MAX_HEADER);
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(true);
        return configuration;
    }

    private static String reason(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException && cause.getMessage().contains("in use")) {
                return "is taken by another program; stop it or choose another port";
            }
            if (cause instanceof BindException && cause.getMessage().contains("assign")) {
                return "cannot be had: the address is not one of this machine's; 'ip address' shows those";
            }
        }
        return "cannot be had: " + e.getMessage();
    }

    int port() {
        return connector.getLocalPort();
    }

    String url(String path) {
        return "http://" + connector.getHost() + ":" + port() + path;
    }

    @Override
    public void close() {
        try {
            server.stop();
            listening.close();
        } catch (Exception e) {
            LOG.warn("HTTP: does not stop cleanly: {}", e.toString());
        }
    }
}
