package io.portreeve.igd.ssdp;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import io.portreeve.runtime.Owned;
import io.portreeve.runtime.Owner;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The gateway's SSDP sockets on its LANs, and the threads that serve them. */
public final class SsdpResponder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SsdpResponder.class);
    private static final int MAX_DATAGRAM = 2048;
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(100);

    private final SsdpWriter writer;
    private final SsdpSettings settings;
    private final SsdpEngine engine;
    private final MonoClock clock;
    private final int port;
    private final Selector selector;
    private final Owner<Turn> owner;
    private final Thread receiver;

    /** What is open or about to be; the owner's thread has its own view. Guarded by this. */
    private Map<Lan, SsdpSockets> opened = Map.of();

    /** What the owner's thread speaks by. */
    private Map<Lan, SsdpSockets> voices = Map.of();

    /** What comes to the owner's thread. */
    private sealed interface Turn {
        record Heard(SsdpEvent event) implements Turn {}

        /** @param sockets those of all addresses that are present now */
        record Moved(SsdpEvent event, Map<Lan, SsdpSockets> sockets) implements Turn {}
    }

    /**
     * {@return a responder that is present nowhere yet}
     *
     * @param onFailure called once if the owner thread fails; the gateway cannot be discovered any more then
     */
    public static SsdpResponder open(
            AdvertisedFaces faces,
            SsdpWriter writer,
            SsdpSettings settings,
            MonoClock clock,
            RandomGenerator random,
            Consumer<Throwable> onFailure)
            throws IOException {
        return new SsdpResponder(faces, writer, settings, clock, random, onFailure, SsdpGroup.PORT);
    }

    SsdpResponder(
            AdvertisedFaces faces,
            SsdpWriter writer,
            SsdpSettings settings,
            MonoClock clock,
            RandomGenerator random,
            Consumer<Throwable> onFailure,
            int port)
            throws IOException {
        this.writer = writer;
        this.settings = settings;
        this.clock = clock;
        this.port = port;
        engine = new SsdpEngine(faces, settings.maxDelay(), random);
        selector = Selector.open();
        owner = new Owner<>("ssdp", new Voice(), clock, onFailure);
        receiver = Thread.ofPlatform().name("ssdp-receiver").unstarted(this::receive);
    }

    /**
     * Opens the sockets of new addresses and announces the gateway there; says goodbye at those that are missing now.
     *
     * @param bootId larger than all before
     * @throws IOException if port 1900, an address or an interface cannot be had; nothing has changed then
     */
    public synchronized void present(List<Presence> at, int bootId) throws IOException {
        var sockets = new HashMap<Lan, SsdpSockets>();
        try {
            for (var place : at) {
                var known = opened.get(place.lan());
                sockets.put(
                        place.lan(), known == null ? SsdpSockets.open(place.lan(), settings, port, selector) : known);
            }
        } catch (IOException | RuntimeException e) {
            sockets.values().removeAll(opened.values());
            closeAll(sockets.values());
            selector.wakeup(); // which only then lets go of their ports
            throw e;
        }
        opened = Map.copyOf(sockets);
        owner.put(new Turn.Moved(new SsdpEvent.Present(at, bootId), opened));
    }

    /** Announces the gateway, and answers from now on; what came before waits in the sockets. */
    public void start() {
        owner.start();
        receiver.start();
    }

    /** Says goodbye, if it ever said hello, and closes the sockets. */
    @Override
    public synchronized void close() {
        owner.close();
        if (receiver.getState() != Thread.State.NEW) {
            perform(engine.handle(new SsdpEvent.Stop(), clock.now()));
        }
        try {
            selector.close(); // first, so that the receiver sees the end and not an error
        } catch (IOException e) {
            LOG.warn("SSDP: cannot close: {}", e.toString());
        }
        closeAll(opened.values());
        closeAll(voices.values());
    }

    private static void closeAll(Collection<SsdpSockets> sockets) {
        for (var each : sockets) {
            try {
                each.close();
            } catch (IOException e) {
                LOG.warn("SSDP: cannot close: {}", e.toString());
            }
        }
    }

    synchronized SsdpSockets sockets(Lan lan) {
        return opened.get(lan);
    }

    /** Nothing that the network or the kernel does ends this thread; only {@link #close} does. */
    private void receive() {
        var buffer = ByteBuffer.allocate(MAX_DATAGRAM + 1);
        while (selector.isOpen()) {
            try {
                selector.select(key -> receive(key, buffer));
            } catch (ClosedSelectorException e) {
                LOG.debug("SSDP: receiver ends");
            } catch (IOException e) {
                failed(e);
            } catch (RuntimeException e) {
                LOG.error("SSDP: a datagram could not be handled: {}", e, e);
            }
        }
    }

    private void receive(SelectionKey key, ByteBuffer buffer) {
        try {
            var ear = (SsdpSockets.Ear) key.attachment();
            var source = (InetSocketAddress) ((DatagramChannel) key.channel()).receive(buffer.clear());
            if (source != null && buffer.hasRemaining()) {
                var from = new Endpoint(PcpAddress.of(source.getAddress()), source.getPort());
                SearchRequest.parse(buffer.flip())
                        .map(request -> new SsdpEvent.Search(ear.lan(), from, ear.multicast(), request))
                        .ifPresent(search -> owner.put(new Turn.Heard(search)));
            }
        } catch (ClosedChannelException e) {
            LOG.debug("SSDP: an address is gone");
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
            try {
                voices.get(send.from().lan())
                        .send(writer.write(send, InstantSource.system().instant()), send.target());
            } catch (IOException e) {
                // Goodbyes from an address that its interface has lost cannot leave; the next address says them too.
                LOG.atLevel(send.message() instanceof SsdpMessage.ByeBye ? Level.DEBUG : Level.WARN)
                        .log("SSDP: cannot send to {}: {}", send.target(), e.toString());
            }
        }
    }

    /** What the owner's thread does. */
    private final class Voice implements Owned<Turn> {
        @Override
        public MonoTime nextDue() {
            return engine.nextDue();
        }

        @Override
        public void handle(List<Turn> turns, MonoTime now) {
            turns.forEach(turn -> take(turn, now));
            perform(engine.handle(new SsdpEvent.Due(), now));
        }

        private void take(Turn turn, MonoTime now) {
            switch (turn) {
                case Turn.Heard(var event) -> perform(engine.handle(event, now));
                case Turn.Moved(var event, var sockets) -> move(event, sockets, now);
            }
        }

        /** Goodbyes still leave by the sockets of the old addresses, which close then. */
        private void move(SsdpEvent event, Map<Lan, SsdpSockets> sockets, MonoTime now) {
            var before = voices;
            var both = new HashMap<>(before);
            both.putAll(sockets);
            voices = both;
            perform(engine.handle(event, now));
            voices = sockets;
            closeAll(before.values().stream()
                    .filter(old -> !sockets.containsValue(old))
                    .toList());
            selector.wakeup(); // which only then lets go of their ports
        }
    }
}
