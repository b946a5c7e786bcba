package io.portreeve.igd.ssdp;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import io.portreeve.runtime.Owned;
import io.portreeve.runtime.Owner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's SSDP sockets on one LAN interface, and the threads that serve them.
 *
 * <p>Two sockets, because Java does not tell to which address a datagram came: one is bound to the group and hears multicast
 * searches, the other to the LAN address; it hears unicast ones and sends everything, so that all comes from where LOCATION points to.
 */
public final class SsdpResponder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SsdpResponder.class);
    private static final int MAX_DATAGRAM = 2048;
    private static final int TIME_TO_LIVE = 2;
    private static final Duration MAX_DELAY = Duration.ofMillis(250);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(100);

    private final SsdpWriter writer;
    private final SsdpEngine engine;
    private final MonoClock clock;
    private final Selector selector;
    private final DatagramChannel group;
    private final DatagramChannel own;
    private final Owner<SsdpEvent> owner;
    private final Thread receiver;

    /**
     * Opens the sockets; what comes before {@link #start} waits in them.
     *
     * @throws IOException if port 1900 or the LAN address cannot be had
     */
    public static SsdpResponder open(
            NetworkInterface link,
            LanPrefix lan,
            List<Advertised> advertised,
            SsdpWriter writer,
            MonoClock clock,
            RandomGenerator random)
            throws IOException {
        var engine = new SsdpEngine(advertised, lan, MAX_DELAY, random);
        return open(link, lan, engine, writer, clock, SsdpEngine.PORT);
    }

    static SsdpResponder open(
            NetworkInterface link, LanPrefix lan, SsdpEngine engine, SsdpWriter writer, MonoClock clock, int port)
            throws IOException {
        var selector = Selector.open();
        try {
            var own = bound(lan.address().toInetAddress(), port, link, selector);
            var group = bound(SsdpEngine.GROUP.toInetAddress(), port, link, selector);
            group.join(SsdpEngine.GROUP.toInetAddress(), link);
            return new SsdpResponder(writer, engine, clock, selector, group, own);
        } catch (IOException | RuntimeException e) {
            closeAll(selector);
            throw e;
        }
    }

    private SsdpResponder(
            SsdpWriter writer,
            SsdpEngine engine,
            MonoClock clock,
            Selector selector,
            DatagramChannel group,
            DatagramChannel own) {
        this.writer = writer;
        this.engine = engine;
        this.clock = clock;
        this.selector = selector;
        this.group = group;
        this.own = own;
        owner = new Owner<>(
                "ssdp", new Voice(), clock, _ -> LOG.error("SSDP: the gateway cannot be discovered any more"));
        receiver = Thread.ofPlatform().name("ssdp-receiver").unstarted(this::receive);
    }

    private static DatagramChannel bound(InetAddress address, int port, NetworkInterface link, Selector selector)
            throws IOException {
        var channel = DatagramChannel.open(StandardProtocolFamily.INET);
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, link);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, TIME_TO_LIVE);
            channel.bind(new InetSocketAddress(address, port));
            channel.register(selector, SelectionKey.OP_READ);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Announces the gateway, and answers from now on. */
    public void start() {
        owner.put(new SsdpEvent.Start());
        owner.start();
        receiver.start();
    }

    /** Says goodbye, if it ever said hello, and closes the sockets. */
    @Override
    public void close() {
        owner.close();
        if (receiver.getState() != Thread.State.NEW) {
            perform(engine.handle(new SsdpEvent.Stop(), clock.now()));
        }
        closeAll(selector);
    }

    private static void closeAll(Selector selector) {
        var channels = selector.keys().stream().map(SelectionKey::channel).toList();
        try {
            selector.close(); // first, so that the receiver sees the end and not an error
            for (var channel : channels) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.warn("SSDP: cannot close: {}", e.toString());
        }
    }

    /** {@return where multicast searches are heard} */
    InetSocketAddress groupAddress() throws IOException {
        return (InetSocketAddress) group.getLocalAddress();
    }

    /** {@return where unicast searches are heard} */
    InetSocketAddress ownAddress() throws IOException {
        return (InetSocketAddress) own.getLocalAddress();
    }

    /** Nothing that the network or the kernel does ends this thread; only {@link #close} does. */
    private void receive() {
        var buffer = ByteBuffer.allocate(MAX_DATAGRAM + 1);
        while (selector.isOpen()) {
            try {
                selector.select(key -> receive((DatagramChannel) key.channel(), buffer));
            } catch (ClosedSelectorException e) {
                LOG.debug("SSDP: receiver ends");
            } catch (IOException e) {
                failed(e);
            } catch (RuntimeException e) {
                LOG.error("SSDP: a datagram could not be handled: {}", e, e);
            }
        }
    }

    private void receive(DatagramChannel channel, ByteBuffer buffer) {
        try {
            var source = (InetSocketAddress) channel.receive(buffer.clear());
            if (source != null && buffer.hasRemaining()) {
                var from = new Endpoint(PcpAddress.of(source.getAddress()), source.getPort());
                SearchRequest.parse(buffer.flip())
                        .ifPresent(request -> owner.put(new SsdpEvent.Search(from, channel == group, request)));
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        if (selector.isOpen()) {
            LOG.warn("SSDP: cannot receive: {}", e.toString());
            LockSupport.parkNanos(PAUSE_AFTER_ERROR.toNanos());
        }
    }

    private void perform(List<Send> sends) {
        for (var send : sends) {
            var target = new InetSocketAddress(
                    send.target().address().toInetAddress(), send.target().port());
            try {
                own.send(
                        ByteBuffer.wrap(writer.write(
                                send.message(), InstantSource.system().instant())),
                        target);
            } catch (IOException e) {
                LOG.warn("SSDP: cannot send to {}: {}", target, e.toString());
            }
        }
    }

    /** What the owner's thread does. */
    private final class Voice implements Owned<SsdpEvent> {
        @Override
        public MonoTime nextDue() {
            return engine.nextDue();
        }

        @Override
        public void handle(List<SsdpEvent> events, MonoTime now) {
            for (var event : events.isEmpty() ? List.of(new SsdpEvent.Due()) : events) {
                perform(engine.handle(event, now));
            }
        }
    }
}
