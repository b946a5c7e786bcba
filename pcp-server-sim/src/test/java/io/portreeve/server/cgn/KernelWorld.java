package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.done;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.BootClock;
import io.portreeve.testing.Await;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;

/**
 * A CGN in the kernel, whose own clock the test sets forward; the kernel's clock it cannot. Each packet has sockets of its own, and is waited for until it has arrived or was counted as dropped.
 */
final class KernelWorld implements CgnWorld, Closeable {
    private final CgnNetwork network;
    private final NftablesCgn cgn;
    private volatile Duration skipped = Duration.ZERO;

    /** To be called in a network namespace of its own. */
    KernelWorld() throws Exception {
        network = new CgnNetwork();
        var clock = new BootClock();
        cgn = network.cgn(CgnContract.LIMITS, () -> clock.now().plus(skipped));
    }

    /** Something with sockets. */
    private interface Experiment<T> {
        T run() throws Exception;
    }

    private static <T> T run(Experiment<T> experiment) {
        try {
            return experiment.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Cgn cgn() {
        return cgn;
    }

    @Override
    public void block(SubscriberId id) {
        cgn.block(id);
    }

    @Override
    public void deleteSubscriber(SubscriberId id) {
        done(cgn.deleteSubscriber(id));
    }

    private Udp at(Endpoint host) throws Exception {
        return isInside(host.address())
                ? network.subscribers.inside(() -> Udp.bind(host))
                : network.internet.inside(() -> Udp.bind(host));
    }

    private static boolean isInside(PcpAddress address) {
        return !address.sharesPrefix(CgnNetwork.INTERNET, 96 + 24);
    }

    private static Optional<Endpoint> seen(Udp from, Endpoint to, Udp at) throws Exception {
        int before = CgnNetwork.dropped();
        from.send("test", to);
        var arrived = new Endpoint[1];
        Await.until("the packet arrives or is dropped", () -> {
            arrived[0] = at.sourceOfReceived().orElse(null);
            return arrived[0] != null || CgnNetwork.dropped() > before;
        });
        return Optional.ofNullable(arrived[0]);
    }

    private Optional<Endpoint> seen(Endpoint source, Endpoint destination, Endpoint arrival) {
        return run(() -> {
            try (var from = at(source);
                    var to = at(arrival)) {
                return seen(from, destination, to);
            }
        });
    }

    @Override
    public Optional<Endpoint> outbound(SubscriberId line, Endpoint internal, Endpoint remote) {
        return seen(internal, remote, remote);
    }

    @Override
    public boolean inbound(Endpoint remote, Endpoint external, Endpoint internal) {
        return seen(remote, external, internal).equals(Optional.of(remote));
    }

    @Override
    public Optional<Endpoint> hairpin(SubscriberId line, Endpoint internal, Endpoint external, Endpoint to) {
        return seen(internal, external, to);
    }

    @Override
    public void converse(Endpoint remote, Endpoint external, Endpoint internal) {
        run(() -> {
            try (var listener = network.subscribers.inside(() ->
                    new ServerSocket(internal.port(), 5, internal.address().toInetAddress()))) {
                awaitEnd(call(listener, remote, external, -1));
                awaitEnd(call(listener, remote, external, 0));
            }
            return null;
        });
    }

    /**
     * {@return the inner end of a connection whose other end is closed}
     *
     * @param linger 0 closes with RST, -1 with FIN
     */
    private Socket call(ServerSocket listener, Endpoint remote, Endpoint external, int linger) throws Exception {
        try (var caller = network.internet.inside(() -> caller(remote.address()))) {
            caller.connect(new InetSocketAddress(external.address().toInetAddress(), external.port()), 30_000);
            caller.setSoLinger(linger >= 0, Math.max(0, linger));
            return listener.accept();
        }
    }

    private static Socket caller(PcpAddress address) throws IOException {
        var caller = new Socket();
        caller.bind(new InetSocketAddress(address.toInetAddress(), 0));
        return caller;
    }

    private static void awaitEnd(Socket socket) throws IOException {
        try (socket) {
            socket.setSoTimeout(30_000);
            socket.getInputStream().read();
        } catch (SocketException e) {
            // reset
        }
    }

    @Override
    public void pass(Duration time) {
        skipped = skipped.plus(time);
        done(cgn.expire());
    }

    @Override
    public void close() throws IOException {
        network.close();
    }
}
