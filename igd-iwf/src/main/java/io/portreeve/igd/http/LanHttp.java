package io.portreeve.igd.http;

import io.portreeve.igd.gena.Subscriptions;
import io.portreeve.igd.ssdp.Lan;
import io.portreeve.igd.upnp.InternetGateway;
import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.MonoClock;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jetty, made small: few threads, calls that wait on virtual ones, and a bound on all that a client can make grow. */
final class LanHttp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LanHttp.class);

    /** For all but the connectors, each of which keeps one for each of its selectors. */
    private static final int SPARE_THREADS = 5;

    private static final int MIN_THREADS = 1;
    private static final int NO_ACCEPTORS = 0;

    /** One reads and answers nearly all that is asked, and would be the one processor that all hosts have. */
    private static final int SELECTORS = 2;

    /** What is in a Host header is for {@link BrowserGuard} to judge, which knows the zones that some control points write. */
    private static final HttpCompliance COMPLIANCE =
            HttpCompliance.RFC9110.with("UPnP", HttpCompliance.Violation.UNSAFE_HOST_HEADER);

    private static final int MAX_HEADER = 8 * 1024;

    /**
     * How long a client may take.
     *
     * @param idle between two octets
     * @param request from its connection, or its last answer, to its next answer
     */
    record Patience(Duration idle, Duration request) {
        private static final Duration USUAL_IDLE = Duration.ofSeconds(5);

        static Patience of(Duration request) {
            return new Patience(USUAL_IDLE, request);
        }
    }

    /** Asked twice for each request. While the machine sleeps no client waits, and the other clock takes longer to read. */
    private static final MonoClock AWAKE = () -> new MonoTime(System.nanoTime());

    private final QueuedThreadPool threads = threads();
    private final Server server = new Server(threads);
    private final Patience patience;
    private final LanPeers peers;
    private final RequestDeadline deadline;

    LanHttp(InternetGateway gateway, Subscriptions subscriptions, RejectCounters rejects, Patience patience) {
        this.patience = patience;
        peers = new LanPeers(rejects);
        deadline = new RequestDeadline(
                new GatewayHandler(gateway, subscriptions, rejects, threads.getVirtualThreadsExecutor()),
                patience.request(),
                AWAKE,
                server.getScheduler(),
                rejects);
        server.setHandler(deadline);
        server.setErrorHandler((_, _, callback) -> {
            callback.succeeded(); // the status alone: Jetty's own page tells strangers what runs here
            return true;
        });
    }

    /** Takes {@code port}, or any if that is 0; who connects waits until the listener, or all this, is started. */
    LanListener listen(Lan lan, int port) throws LanServerException {
        var connector =
                new ServerConnector(server, NO_ACCEPTORS, SELECTORS, new HttpConnectionFactory(configuration()));
        connector.setIdleTimeout(patience.idle().toMillis());
        var listener = LanListener.open(lan, port, connector);
        connector.addBean(deadline, false); // first, so that it sees those close that the next one closes
        connector.addBean(peers.of(listener::prefix));
        server.addConnector(connector);
        threads.setMaxThreads(SPARE_THREADS + server.getConnectors().length * SELECTORS);
        return listener;
    }

    void start() throws LanServerException {
        try {
            server.start();
        } catch (Exception e) {
            throw new LanServerException("HTTP cannot be started: " + e.getMessage());
        }
    }

    private static QueuedThreadPool threads() {
        // Jetty's own queue starts the platform's MBean server, to learn the length of a cache line
        var threads = new QueuedThreadPool(SPARE_THREADS, MIN_THREADS, new LinkedBlockingQueue<>());
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
        configuration.setHttpCompliance(COMPLIANCE);
        return configuration;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("HTTP: does not stop cleanly: {}", e.toString());
        }
    }
}
