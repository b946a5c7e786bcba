package io.portreeve.client.net;

import io.portreeve.client.ServerAddress;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.runtime.Joining;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what servers say to all their clients, on each multicast link that is up. Anybody on those links may say anything: who
 * is told must look at who said it. RFC 6887 section 14.1.3.
 */
public final class AnnounceListener implements AutoCloseable {
    static final int PORT = PcpMessage.CLIENT_PORT;

    private static final Logger LOG = LoggerFactory.getLogger(AnnounceListener.class);

    /** Larger than any PCP message, so that an oversize one is seen as such. */
    private static final int BUFFER_SIZE = 2048;

    private final Map<Ear, DatagramChannel> open = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE);
    private final Selector selector;
    private final Hearing hearing;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private volatile boolean closing;

    /** Who wants to know what is said. */
    @FunctionalInterface
    public interface Hearing {
        /**
         * @param octets its own; at most 2048, whatever else was said
         */
        void heard(ServerAddress source, ByteBuffer octets);
    }

    /** A group is heard on each link by a socket of its own. */
    private record Ear(AnnounceGroup group, int interfaceIndex) {}

    private AnnounceListener(Selector selector, Hearing hearing, Consumer<Throwable> onFailure) {
        this.selector = selector;
        this.hearing = hearing;
        this.onFailure = onFailure;
        thread = Thread.ofPlatform().name("announce-listener").daemon().unstarted(this::run);
    }

    /**
     * {@return a listener that hears nothing before it is told of a network to {@link #follow}}
     *
     * @param hearing called from a thread of the listener's own; what it throws is logged
     * @param onFailure called once if the listener can hear nothing any more
     */
    public static AnnounceListener start(Hearing hearing, Consumer<Throwable> onFailure) throws IOException {
        var listener = new AnnounceListener(Selector.open(), hearing, onFailure);
        listener.thread.start();
        return listener;
    }

    /**
     * From now on listens on the links of {@code state} and on no other, in the network namespace of the thread that calls. A
     * socket that cannot be had is tried again at the next call.
     */
    public synchronized void follow(NetworkState state) {
        if (closing) {
            return;
        }
        var wanted = ears(state);
        open.forEach((ear, channel) -> {
            if (!wanted.contains(ear)) {
                close(channel);
            }
        });
        open.values().removeIf(channel -> !channel.isOpen());
        wanted.removeAll(open.keySet());
        wanted.forEach(this::open);
        selector.wakeup(); // it is already waiting, but for the old ones
    }

    private static Set<Ear> ears(NetworkState state) {
        var ears = new HashSet<Ear>();
        for (var address : state.addresses()) {
            boolean isHeard = state.link(address.interfaceIndex())
                    .filter(link -> link.is(Link.Property.UP) && link.is(Link.Property.MULTICAST))
                    .isPresent();
            for (var group : AnnounceGroup.values()) {
                if (isHeard && group.isFor(address)) {
                    ears.add(new Ear(group, address.interfaceIndex()));
                }
            }
        }
        return ears;
    }

    private static void close(DatagramChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("the socket did not close cleanly: {}", e.getMessage());
        }
    }

    private void open(Ear ear) {
        try {
            var channel = ear.group.open(ear.interfaceIndex);
            channel.register(selector, SelectionKey.OP_READ, ear);
            open.put(ear, channel);
        } catch (IOException e) {
            LOG.warn("cannot hear servers at {} on interface {}: {}", ear.group, ear.interfaceIndex, e.getMessage());
        }
    }

    private void run() {
        try {
            while (!closing) {
                selector.select(this::receive);
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("{} failed and stops: {}", thread.getName(), e, e);
            onFailure.accept(e);
        }
    }

    private void receive(SelectionKey key) {
        try {
            receive((DatagramChannel) key.channel(), (Ear) key.attachment());
        } catch (ClosedChannelException e) {
            LOG.debug("its link went meanwhile");
        } catch (IOException e) {
            LOG.warn("cannot hear servers any more: {}: {}", key.attachment(), e.getMessage());
            close((DatagramChannel) key.channel());
        } catch (RuntimeException e) {
            LOG.error("what was said to all could not be handled: {}", e, e);
        }
    }

    private void receive(DatagramChannel channel, Ear ear) throws IOException {
        var source = (InetSocketAddress) channel.receive(buffer.clear());
        if (source == null) {
            return; // its checksum was wrong
        }
        var octets = ByteBuffer.allocate(buffer.flip().remaining()).put(buffer).flip();
        var address = ServerAddress.on(ear.interfaceIndex, PcpAddress.of(source.getAddress()), source.getPort());
        hearing.heard(address, octets);
    }

    /** Not to be called by who hears, for whose return it waits. */
    @Override
    public void close() {
        shut();
        Joining.whateverComes(thread);
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("the selector did not close cleanly: {}", e.getMessage());
        }
    }

    private synchronized void shut() {
        closing = true;
        open.values().forEach(AnnounceListener::close);
        open.clear();
        selector.wakeup();
    }
}
