package io.portreeve.runtime;

import static io.portreeve.runtime.CFunction.value;
import static java.lang.foreign.MemorySegment.NULL;

import java.lang.foreign.MemorySegment;

/** System calls that Java has no word for. Each returns what the C function returns, or minus errno. */
public final class Libc {
    public static final int DONT_WAIT = 0x40;

    public static final int EINTR = 4;
    public static final int EAGAIN = 11;

    private static final int READ_WRITE_CLOEXEC_NONBLOCK = 2 | 0x80000 | 0x800;

    private static final CFunction OPEN = CFunction.of("open");
    private static final CFunction IOCTL = CFunction.of("ioctl");
    private static final CFunction READ = CFunction.of("read");
    private static final CFunction SENDMSG = CFunction.of("sendmsg");
    private static final CFunction RECVMSG = CFunction.of("recvmsg");
    private static final CFunction SOCKET = CFunction.of("socket");
    private static final CFunction BIND = CFunction.of("bind");
    private static final CFunction GETSOCKNAME = CFunction.of("getsockname");
    private static final CFunction SETSOCKOPT = CFunction.of("setsockopt");
    private static final CFunction SEND = CFunction.of("send");
    private static final CFunction RECV = CFunction.of("recv");
    private static final CFunction POLL = CFunction.of("poll");
    private static final CFunction EVENTFD = CFunction.of("eventfd");
    private static final CFunction WRITE = CFunction.of("write");
    private static final CFunction CLOSE = CFunction.of("close");

    private Libc() {}

    /** Opens a file to read from it and to write to it; what has nothing to read says EAGAIN. */
    public static int open(MemorySegment path) {
        return OPEN.call(path, value(READ_WRITE_CLOEXEC_NONBLOCK), NULL);
    }

    public static int ioctl(int descriptor, long request, MemorySegment argument) {
        return IOCTL.call(value(descriptor), value(request), argument);
    }

    public static int socket(int domain, int type, int protocol) {
        return SOCKET.call(value(domain), value(type), value(protocol));
    }

    public static int bind(int socket, MemorySegment address) {
        return BIND.call(value(socket), address, value(address.byteSize()));
    }

    public static int getsockname(int socket, MemorySegment address, MemorySegment length) {
        return GETSOCKNAME.call(value(socket), address, length);
    }

    public static int setsockopt(int socket, int level, int option, MemorySegment setting) {
        return SETSOCKOPT.call(value(socket), value(level), value(option), setting, value(setting.byteSize()));
    }

    public static int send(int socket, MemorySegment octets, long length) {
        return SEND.call(value(socket), octets, value(length), NULL, NULL);
    }

    /** @param flags 0 to wait, {@link #DONT_WAIT} to have EAGAIN if there is nothing */
    public static int receive(int socket, MemorySegment into, int flags) {
        return RECV.call(value(socket), into, value(into.byteSize()), value(flags), NULL);
    }

    /** @param message a msghdr */
    public static int sendmsg(int socket, MemorySegment message) {
        return SENDMSG.call(value(socket), message, value(DONT_WAIT));
    }

    /** @param message a msghdr */
    public static int recvmsg(int socket, MemorySegment message) {
        return RECVMSG.call(value(socket), message, value(DONT_WAIT));
    }

    public static int read(int descriptor, MemorySegment into) {
        return READ.call(value(descriptor), into, value(into.byteSize()));
    }

    /** Waits until one of the {@code count} descriptors in {@code polled} has something, for ever. */
    public static int poll(MemorySegment polled, long count) {
        return POLL.call(polled, value(count), value(-1));
    }

    public static int eventfd() {
        return EVENTFD.call(NULL, NULL, NULL);
    }

    public static int write(int descriptor, MemorySegment octets) {
        return WRITE.call(value(descriptor), octets, value(octets.byteSize()));
    }

    public static void close(int descriptor) {
        CLOSE.call(value(descriptor), NULL, NULL);
    }
}
