package io.portreeve.igd.metrics;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Answers the programs of this machine that watch the gateway, and nobody else. */
public final class MetricsServer implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int THREADS = 6;
    private static final int IDLE_MILLIS = 5_000;

    private final Server server;
    private final ServerConnector connector;

    private MetricsServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * @param port TCP, on the loopback interface; 0 for any
     * @throws MetricsException if it cannot be had
     */
    public static MetricsServer start(int port, Supplier<Measured> gateway) throws MetricsException {
        var threads = new QueuedThreadPool(THREADS, 1);
        threads.setName("metrics");
        threads.setReservedThreads(0);
        var server = new Server(threads);
        var connector = new ServerConnector(server, 0, 1);
        connector.setHost(LOOPBACK);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        var opened = new MetricsServer(server, connector);
        server.setHandler(opened.new Answers(gateway));
        try {
            server.start();
            return opened;
        } catch (Exception e) {
            opened.close();
            throw new MetricsException("TCP " + LOOPBACK + ":" + port + " cannot be had (" + e.getMessage()
                    + "); choose another 'metrics-port'");
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    private final class Answers extends Handler.Abstract {
        private final Supplier<Measured> gateway;

        Answers(Supplier<Measured> gateway) {
            this.gateway = gateway;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (!isMeant(request.getHeaders().get(HttpHeader.HOST))) {
                answer(HttpStatus.FORBIDDEN_403, "", response, callback);
            } else if (!request.getMethod().equals("GET")) {
                response.getHeaders().put(HttpHeader.ALLOW, "GET");
                answer(HttpStatus.METHOD_NOT_ALLOWED_405, "", response, callback);
            } else {
                switch (request.getHttpURI().getPath()) {
                    case "/healthz" -> yesUnless(gateway.get().standstill(), response, callback);
                    case "/readyz" -> yesUnless(gateway.get().obstacles(), response, callback);
                    case "/metrics" -> answer(HttpStatus.OK_200, MetricsText.of(gateway.get()), response, callback);
                    default -> answer(HttpStatus.NOT_FOUND_404, "", response, callback);
                }
            }
            return true;
        }

        /** A web page of a browser on this machine can have its name lead here, but not so its Host. */
        private boolean isMeant(String host) {
            return host != null
                    && Set.of(LOOPBACK + ":" + port(), "localhost:" + port()).contains(host);
        }

        /** @param obstacles one line each */
        private void yesUnless(List<String> obstacles, Response response, Callback callback) {
            if (obstacles.isEmpty()) {
                answer(HttpStatus.OK_200, "yes\n", response, callback);
            } else {
                answer(
                        HttpStatus.SERVICE_UNAVAILABLE_503,
                        "no: " + String.join("\nno: ", obstacles) + "\n",
                        response,
                        callback);
            }
        }

        private void answer(int status, String text, Response response, Callback callback) {
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
            response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("metrics: " + e, e);
        }
    }
}
