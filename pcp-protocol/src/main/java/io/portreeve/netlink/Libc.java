package io.portreeve.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The system calls a netlink socket needs. Each returns what the C function returns, or minus errno. */
final class Libc {
    static final int DONT_WAIT = 0x40;

    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_OF = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET = of("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = of("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKNAME = of("getsockname", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SETSOCKOPT =
            of("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SEND = of("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECV = of("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle POLL = of("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle EVENTFD = of("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle WRITE = of("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle CLOSE = of("close", JAVA_INT, JAVA_INT);

    private Libc() {}

    @FunctionalInterface
    private interface Call {
        long in(MemorySegment state) throws Throwable;
    }

    @SuppressWarnings("restricted") // foreign functions: the launchers pass --enable-native-access
    private static MethodHandle of(String name, MemoryLayout result, MemoryLayout... arguments) {
        var linker = Linker.nativeLinker();
        var function = linker.defaultLookup().findOrThrow(name);
        return linker.downcallHandle(function, FunctionDescriptor.of(result, arguments), ERRNO);
    }

    private static long call(Call call) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(STATE);
            long result = call.in(state);
            return result < 0 ? -(int) ERRNO_OF.get(state, 0L) : result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a C function throws nothing", e);
        }
    }

    static int socket(int domain, int type, int protocol) {
        return (int) call(state -> (int) SOCKET.invokeExact(state, domain, type, protocol));
    }

    static int bind(int socket, MemorySegment address) {
        return (int) call(state -> (int) BIND.invokeExact(state, socket, address, (int) address.byteSize()));
    }

    static int getsockname(int socket, MemorySegment address, MemorySegment length) {
        return (int) call(state -> (int) GETSOCKNAME.invokeExact(state, socket, address, length));
    }

    static int setsockopt(int socket, int level, int option, MemorySegment value) {
        return (int) call(
                state -> (int) SETSOCKOPT.invokeExact(state, socket, level, option, value, (int) value.byteSize()));
    }

    static long send(int socket, MemorySegment octets, long length) {
        return call(state -> (long) SEND.invokeExact(state, socket, octets, length, 0));
    }

    /** @param flags 0 to wait, {@link #DONT_WAIT} to have EAGAIN if there is nothing */
    static long receive(int socket, MemorySegment into, int flags) {
        return call(state -> (long) RECV.invokeExact(state, socket, into, into.byteSize(), flags));
    }

    /** Waits until one of the {@code count} descriptors in {@code polled} has something, for ever. */
    static int poll(MemorySegment polled, long count) {
        return (int) call(state -> (int) POLL.invokeExact(state, polled, count, -1));
    }

    static int eventfd() {
        return (int) call(state -> (int) EVENTFD.invokeExact(state, 0, 0));
    }

    static long write(int descriptor, MemorySegment octets) {
        return call(state -> (long) WRITE.invokeExact(state, descriptor, octets, octets.byteSize()));
    }

    static void close(int descriptor) {
        call(state -> (int) CLOSE.invokeExact(state, descriptor));
    }
}
