package io.portreeve.server.softwire;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * One end of IPv4-in-IPv6 tunnels, whoever is at the others (RFC 2473 with next header 4). The kernel writes and removes the
 * outer header; it puts together what came in fragments, and makes fragments of what does not fit the path. It belongs to the
 * network namespace of the thread that opens it. One thread receives, another may send.
 */
public final class TunnelSocket implements AutoCloseable {
    private static final int AF_INET6 = 10;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int IPPROTO_IPIP = 4;
    private static final int EADDRNOTAVAIL = 99;
    private static final ValueLayout.OfLong NETWORK_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** A packet that came out of a tunnel. */
    public record Arrival(PcpAddress from, ByteBuffer packet) {}

    /** A msghdr with one buffer and one IPv6 address. */
    private static final class Message {
        private static final int NAME_LENGTH = 28;
        private static final int ADDRESS_AT = 8;

        final MemorySegment header;
        private final MemorySegment name;
        private final MemorySegment buffer;

        Message(Arena arena) {
            header = arena.allocate(56, 8);
            name = arena.allocate(NAME_LENGTH, 8);
            buffer = arena.allocate(16, 8);
            header.set(ADDRESS, 0, name);
            header.set(ADDRESS, 16, buffer);
            header.set(JAVA_LONG, 24, 1);
        }

        void of(MemorySegment octets) {
            name.set(JAVA_SHORT, 0, (short) AF_INET6);
            header.set(JAVA_INT, 8, NAME_LENGTH);
            buffer.set(ADDRESS, 0, octets);
            buffer.set(JAVA_LONG, 8, octets.byteSize());
        }

        MemorySegment name() {
            return name;
        }

        PcpAddress address() {
            return new PcpAddress(name.get(NETWORK_LONG, ADDRESS_AT), name.get(NETWORK_LONG, ADDRESS_AT + 8));
        }

        void address(PcpAddress address) {
            name.set(NETWORK_LONG, ADDRESS_AT, address.high());
            name.set(NETWORK_LONG, ADDRESS_AT + 8, address.low());
        }
    }

    private final Arena arena = Arena.ofShared();
    private final Message received = new Message(arena);
    private final Message sent = new Message(arena);
    private final int socket;
    private final PacketInput input;

    private TunnelSocket(int socket, PacketInput input) {
        this.socket = socket;
        this.input = input;
    }

    /** @param local where tunnels end: an IPv6 address of this machine */
    public static TunnelSocket open(PcpAddress local) throws TunnelException {
        int socket = Libc.socket(AF_INET6, SOCK_RAW_CLOEXEC, IPPROTO_IPIP);
        if (socket < 0) {
            throw new TunnelException("no tunnel can end here (errno " + -socket
                    + "): it needs the right CAP_NET_RAW, which root has, and a kernel with IPv6");
        }
        var opened = new TunnelSocket(socket, PacketInput.of(socket));
        int bound = opened.bind(local);
        if (bound < 0) {
            opened.close();
            throw new TunnelException("no tunnel can end at " + local + " (errno " + -bound + ")"
                    + (bound == -EADDRNOTAVAIL ? ": it is no address of this machine; correct 'aftr'" : ""));
        }
        return opened;
    }

    private int bind(PcpAddress local) {
        received.of(MemorySegment.NULL);
        received.address(local);
        return Libc.bind(socket, received.name());
    }

    /** {@return the next packet, valid until the next call; empty when {@link #wake} was called} */
    public Optional<Arrival> receive() throws TunnelException {
        return input.next(this::receive).map(packet -> new Arrival(received.address(), packet));
    }

    private int receive(MemorySegment into) {
        received.of(into);
        return Libc.recvmsg(socket, received.header);
    }

    /**
     * Sends a packet, unless the kernel does not take it.
     *
     * @param packet a direct buffer, from its position to its limit
     */
    public void send(PcpAddress to, ByteBuffer packet) {
        sent.of(MemorySegment.ofBuffer(packet));
        sent.address(to);
        Libc.sendmsg(socket, sent.header);
    }

    /** Ends every {@link #receive}, now and later. */
    public void wake() {
        input.wake();
    }

    /** Nobody may be in one of the other methods. */
    @Override
    public void close() {
        Libc.close(socket);
        input.close();
        arena.close();
    }
}
