package io.portreeve.client.net;

import io.portreeve.netlink.NetlinkException;
import io.portreeve.runtime.Joining;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of every change of the default routes, addresses and links of the network namespace it is started in, which may give
 * the client another server or another source address. RFC 6887 sections 8.1 and 11.5.
 *
 * <p>Its thread sleeps until the kernel has something to tell.
 */
public final class RouteWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouteWatcher.class);
    private static final Duration POLLING = Duration.ofSeconds(5);

    private final NetworkSource source;
    private final Consumer<NetworkState> listener;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;

    private RouteWatcher(NetworkSource source, Consumer<NetworkState> listener, Consumer<Throwable> onFailure) {
        this.source = source;
        this.listener = listener;
        this.onFailure = onFailure;
        thread = Thread.ofPlatform().name("route-watcher").daemon().unstarted(this::run);
    }

    /**
     * {@return a watcher that calls {@code listener} from a thread of its own: with the state as it is, then whenever it is
     * another} What happens meanwhile is told in one.
     *
     * @param onFailure called once if it can tell nothing any more
     */
    public static RouteWatcher start(Consumer<NetworkState> listener, Consumer<Throwable> onFailure) {
        return start(source(RoutingSocket::open), listener, onFailure);
    }

    /** {@return the state as it is} */
    public static NetworkState now() throws IOException {
        try (var source = source(RoutingSocket::open)) {
            return source.read();
        }
    }

    static RouteWatcher start(NetworkSource source, Consumer<NetworkState> listener, Consumer<Throwable> onFailure) {
        var watcher = new RouteWatcher(source, listener, onFailure);
        watcher.thread.start();
        return watcher;
    }

    @FunctionalInterface
    interface Opening {
        NetworkSource open() throws NetlinkException;
    }

    /** {@return netlink, or what can be had where a sandbox forbids its sockets or foreign functions} */
    static NetworkSource source(Opening netlink) {
        try {
            return netlink.open();
        } catch (NetlinkException | LinkageError e) {
            LOG.warn("no netlink ({}): routes and addresses are looked at every {} s", e, POLLING.toSeconds());
            return new PolledNetwork(POLLING);
        }
    }

    private void run() {
        try {
            var known = Optional.<NetworkState>empty();
            do {
                var now = source.read();
                if (!known.equals(Optional.of(now))) {
                    known = Optional.of(now);
                    listener.accept(now);
                }
            } while (source.await());
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("{} failed and stops: {}", thread.getName(), e, e);
            onFailure.accept(e);
        }
    }

    /** Not to be called by the listener, for whose return it waits. */
    @Override
    public void close() {
        source.wake();
        Joining.whateverComes(thread);
        source.close();
    }
}
