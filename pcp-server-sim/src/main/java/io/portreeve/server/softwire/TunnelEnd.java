package io.portreeve.server.softwire;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.Joining;
import io.portreeve.server.softwire.TunnelSocket.Arrival;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the tunnels of all homes end (RFC 6333 section 6): what comes out of one gets the inside address of its host and goes
 * to the NAT through an interface; what comes from there goes into the tunnel of its home. One thread for each direction.
 *
 * <pre>
 *   B4 ==IPv6==> TunnelSocket -- 192.168.1.10 becomes 100.96.0.1 --> Tun --> the kernel's NAT --> Internet
 *      <========              <--             and back            --     <--                  <--
 * </pre>
 */
public final class TunnelEnd implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TunnelEnd.class);

    /** Packets of new hosts that wait for the NAT. What is dropped beyond them is sent again. */
    private static final int MOST_WAITING = 1024;

    private final TunnelSocket tunnels;
    private final Tun tun;
    private final TunnelSettings settings;
    private final Consumer<Throwable> onFailure;
    private final AtomicInteger waiting = new AtomicInteger();
    private List<Thread> threads = List.of();

    /** Set before the threads start. */
    private InsideAddresses insides;

    private TunnelEnd(TunnelSocket tunnels, Tun tun, TunnelSettings settings, Consumer<Throwable> onFailure) {
        this.tunnels = tunnels;
        this.tun = tun;
        this.settings = settings;
        this.onFailure = onFailure;
    }

    /**
     * {@return one that takes no packets yet}
     *
     * @param name of the interface that is made, and goes when this is closed; nobody else has one of that name
     * @param onFailure called once for each direction that works no longer
     */
    public static TunnelEnd open(TunnelSettings settings, String name, Consumer<Throwable> onFailure)
            throws TunnelException {
        var tunnels = TunnelSocket.open(settings.aftr());
        try {
            return new TunnelEnd(tunnels, Tun.open(name), settings, onFailure);
        } catch (TunnelException e) {
            tunnels.close();
            throw e;
        }
    }

    /** From now on it takes packets, from both sides. */
    public void start(InsideAddresses addresses) throws TunnelException {
        tun.start(InnerHost.AFTR, settings.prefix(), settings.mtu());
        insides = addresses;
        threads = List.of(thread("tunnels-in", this::receiveAll), thread("tunnels-out", this::sendAll));
    }

    private Thread thread(String name, Direction direction) {
        return Thread.ofPlatform().name(name).start(() -> run(direction));
    }

    private interface Direction {
        void run() throws TunnelException;
    }

    private void run(Direction direction) {
        try {
            direction.run();
        } catch (TunnelException | RuntimeException | Error e) {
            LOG.error("{} failed and stops: {}", Thread.currentThread().getName(), e.toString());
            onFailure.accept(e);
        }
    }

    private void receiveAll() throws TunnelException {
        for (var next = tunnels.receive(); next.isPresent(); next = tunnels.receive()) {
            decapsulate(next.get());
        }
    }

    /** What is addressed to an inside address is dropped: it would reach another home past the NAT. */
    private void decapsulate(Arrival arrival) {
        var packet = Ipv4Packet.in(arrival.packet()).orElse(null);
        if (packet == null || settings.prefix().contains(PcpAddress.ofIpv4(packet.destination()))) {
            return;
        }
        var host = new InnerHost(arrival.from(), PcpAddress.ofIpv4(packet.source()));
        arrival.packet().limit(packet.length());
        var inside = insides.enter(host);
        switch (inside.state()) {
            case SUCCESS -> send(packet, arrival.packet(), inside.resultNow());
            case RUNNING -> sendLater(arrival.packet(), inside);
            case FAILED, CANCELLED -> {} // it is not served
        }
    }

    private void send(Ipv4Packet packet, ByteBuffer octets, PcpAddress inside) {
        packet.replaceSource((int) inside.low());
        tun.send(octets);
    }

    /** Sends a copy when the NAT is ready, by the thread that makes it so. */
    private void sendLater(ByteBuffer octets, CompletableFuture<PcpAddress> inside) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return;
        }
        var copy = ByteBuffer.allocateDirect(octets.remaining()).put(octets).flip();
        inside.whenComplete((address, failure) -> {
            waiting.decrementAndGet();
            if (failure == null) {
                send(Ipv4Packet.in(copy).orElseThrow(), copy, address);
            }
        });
    }

    private void sendAll() throws TunnelException {
        for (var next = tun.receive(); next.isPresent(); next = tun.receive()) {
            encapsulate(next.get());
        }
    }

    /** What the kernel has to say about IPv6 on this interface is nobody's. */
    private void encapsulate(ByteBuffer octets) {
        Ipv4Packet.in(octets)
                .ifPresent(packet -> insides.hostAt(PcpAddress.ofIpv4(packet.destination()))
                        .ifPresent(host -> {
                            packet.replaceDestination((int) host.address().low());
                            tunnels.send(host.b4(), octets.limit(packet.length()));
                        }));
    }

    /** Ends both threads; then socket and interface go. */
    @Override
    public void close() {
        tunnels.wake();
        tun.wake();
        threads.forEach(Joining::whateverComes);
        tunnels.close();
        tun.close();
    }
}
