package io.portreeve.netlink;

import static io.portreeve.runtime.CFunction.value;
import static java.lang.foreign.MemorySegment.NULL;

import io.portreeve.runtime.CFunction;
import java.lang.foreign.MemorySegment;

/** The system calls a netlink socket needs. Each returns what the C function returns, or minus errno. */
final class Libc {
    static final int DONT_WAIT = 0x40;

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

    static int socket(int domain, int type, int protocol) {
        return SOCKET.call(value(domain), value(type), value(protocol));
    }

    static int bind(int socket, MemorySegment address) {
        return BIND.call(value(socket), address, value(address.byteSize()));
    }

    static int getsockname(int socket, MemorySegment address, MemorySegment length) {
        return GETSOCKNAME.call(value(socket), address, length);
    }

    static int setsockopt(int socket, int level, int option, MemorySegment setting) {
        return SETSOCKOPT.call(value(socket), value(level), value(option), setting, value(setting.byteSize()));
    }

    static int send(int socket, MemorySegment octets, long length) {
        return SEND.call(value(socket), octets, value(length), NULL, NULL);
    }

    /** @param flags 0 to wait, {@link #DONT_WAIT} to have EAGAIN if there is nothing */
    static int receive(int socket, MemorySegment into, int flags) {
        return RECV.call(value(socket), into, value(into.byteSize()), value(flags), NULL);
    }

    /** Waits until one of the {@code count} descriptors in {@code polled} has something, for ever. */
    static int poll(MemorySegment polled, long count) {
        return POLL.call(polled, value(count), value(-1));
    }

    static int eventfd() {
        return EVENTFD.call(NULL, NULL, NULL);
    }

    static int write(int descriptor, MemorySegment octets) {
        return WRITE.call(value(descriptor), octets, value(octets.byteSize()));
    }

    static void close(int descriptor) {
        CLOSE.call(value(descriptor), NULL, NULL);
    }
}
