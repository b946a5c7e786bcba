package io.portreeve.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.portreeve.runtime.Libc;
import io.portreeve.runtime.Readiness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A netlink socket. Java has none, so it is made through the foreign function API. It belongs to the network namespace of the
 * thread that opens it, and to one thread at a time, {@link #wake} excepted.
 */
public final class NetlinkSocket implements AutoCloseable {
    /** Links, addresses and routes. */
    public static final int ROUTE = 0;

    /** The kernel's packet filter, NAT and connection tracking. */
    public static final int NETFILTER = 12;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int RECEIVE_BUFFER = 1024 * 1024;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    private static final int BUFFER = 64 * 1024;

    /** What the kernel takes at once is limited by the socket's send buffer, 208 KiB on most machines. */
    private static final int LONGEST_MESSAGE = 192 * 1024;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment sending = arena.allocate(LONGEST_MESSAGE, 8);
    private final MemorySegment received = arena.allocate(BUFFER, 8);
    private final int socket;
    private final Readiness readiness;

    private NetlinkSocket(int socket, Readiness readiness) {
        this.socket = socket;
        this.readiness = readiness;
    }

    /** @param protocol such as {@link #NETFILTER} */
    public static NetlinkSocket open(int protocol) throws NetlinkException {
        int socket = checked("socket", Libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol));
        int waker = Libc.eventfd();
        if (waker < 0) {
            Libc.close(socket);
            throw new NetlinkException("eventfd", -waker);
        }
        var opened = new NetlinkSocket(socket, new Readiness(socket, waker));
        try {
            checked("bind", Libc.bind(socket, opened.address()));
            opened.holdMuch();
            return opened;
        } catch (NetlinkException e) {
            opened.close();
            throw e;
        }
    }

    /** The kernel tells of a large transaction in one go. Without the right to have so much, a little less is had. */
    private void holdMuch() {
        Libc.setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, arena.allocateFrom(JAVA_INT, RECEIVE_BUFFER));
    }

    private MemorySegment address() {
        var address = arena.allocate(12, 4);
        address.set(JAVA_SHORT, 0, (short) AF_NETLINK);
        return address;
    }

    private static int checked(String call, int result) throws NetlinkException {
        if (result < 0) {
            throw new NetlinkException(call, -result);
        }
        return result;
    }

    /** {@return the number by which messages say that they come from here} */
    public int port() throws NetlinkException {
        var address = address();
        var length = arena.allocateFrom(JAVA_INT, 12);
        checked("getsockname", Libc.getsockname(socket, address, length));
        return address.get(JAVA_INT, 4);
    }

    /** From now on the socket also receives what is told to {@code group}. */
    public void join(int group) throws NetlinkException {
        var value = arena.allocateFrom(JAVA_INT, group);
        checked("join", Libc.setsockopt(socket, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, value));
    }

    /** From now on the kernel does not even wake this socket for what the socket of that {@code port} brought about. */
    public void ignore(int port) throws NetlinkException {
        int sender = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(port) : port;
        var instructions = arena.allocate(4 * 8L, 8);
        instruction(instructions, 0, 0x20, 0, 0, 12); // load the word at 12, the sender of the first message
        instruction(instructions, 1, 0x15, 0, 1, sender); // is it that one?
        instruction(instructions, 2, 0x06, 0, 0, 0); // then nothing
        instruction(instructions, 3, 0x06, 0, 0, -1); // else all of it
        var program = arena.allocate(16, 8);
        program.set(JAVA_SHORT, 0, (short) 4);
        program.set(JAVA_LONG, 8, instructions.address());
        checked("filter", Libc.setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, program));
    }

    /** One instruction of the classic packet filter: struct sock_filter. */
    private static void instruction(MemorySegment program, int index, int code, int jumpTrue, int jumpFalse, int k) {
        long at = index * 8L;
        program.set(JAVA_SHORT, at, (short) code);
        program.set(JAVA_SHORT, at + 2, (short) (jumpTrue | jumpFalse << 8));
        program.set(JAVA_INT, at + 4, k);
    }

    /** {@return an empty message of up to 192 KiB, to be sent before the next is made} */
    public MessageWriter write() {
        return new MessageWriter(sending.asByteBuffer().order(ByteOrder.nativeOrder()));
    }

    /**
     * Sends it. What is left of an earlier request, because that failed before all was received, is thrown away first: it must
     * not be taken for the answer to this one.
     */
    public void send(MessageWriter message) throws NetlinkException {
        forget();
        checked("send", Libc.send(socket, sending, message.length()));
    }

    /** Throws away what came, and that there was no room for more: who asks anew needs none of it. */
    public void forget() {
        int left;
        do {
            left = Libc.receive(socket, received, Libc.DONT_WAIT);
        } while (left > 0 || left == -NetlinkException.ENOBUFS || left == -NetlinkException.EINTR);
    }

    /** {@return what came, valid until the next call} Waits for it. */
    public ByteBuffer receive() throws NetlinkException {
        int length;
        do {
            length = Libc.receive(socket, received, 0);
        } while (length == -NetlinkException.EINTR);
        checked("receive", length);
        return received.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Waits until something can be received. {@return false if somebody called {@link #wake} instead} */
    public boolean await() throws NetlinkException {
        return checked("poll", readiness.await()) != Readiness.WOKEN;
    }

    /** Ends every {@link #await}, now and later. */
    public void wake() {
        readiness.wake();
    }

    @Override
    public void close() {
        Libc.close(socket);
        readiness.close();
        arena.close();
    }
}
