package io.portreeve.image;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** One host of a lab: sockets are made by a thread that enters its namespace, and stay there whoever uses them. */
final class Host {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int HUNG_MILLIS = 60_000;
    private static final MethodHandle OPEN = function("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle SETNS = function("setns", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT);

    private final Path namespace;

    /** @param namespace the file by which its network namespace is known */
    Host(Path namespace) {
        this.namespace = namespace;
    }

    @SuppressWarnings("restricted") // foreign functions: the tests run with --enable-native-access
    private static MethodHandle function(String name, MemoryLayout... arguments) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    ServerSocket listen(int port) throws Exception {
        return inside(() -> new ServerSocket(port));
    }

    /** {@return a socket on {@code port}, any free one for 0, that gives up waiting only when something hangs} */
    DatagramSocket udp(int port) throws Exception {
        var socket = inside(() -> new DatagramSocket(port));
        socket.setSoTimeout(HUNG_MILLIS);
        return socket;
    }

    /** {@return a connection that gives up waiting only when something hangs} */
    Socket connect(String address, int port) throws Exception {
        return inside(() -> {
            var socket = new Socket(); // which the kernel knows of only when it connects, so that must be inside, too
            socket.connect(new InetSocketAddress(InetAddress.getByName(address), port), HUNG_MILLIS);
            socket.setSoTimeout(HUNG_MILLIS);
            return socket;
        });
    }

    /** {@return a connection that may never come about, its first packet on the way} */
    SocketChannel connecting(String address, int port) throws Exception {
        return inside(() -> {
            var channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(address, port));
            return channel;
        });
    }

    /** {@return what {@code work} makes on a thread inside} */
    <T> T inside(Callable<T> work) throws Exception {
        var task = new FutureTask<>(() -> {
            enter();
            return work.call();
        });
        Thread.ofPlatform().name("inside-" + namespace.getFileName()).start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private void enter() throws IOException {
        try (var arena = Arena.ofConfined()) {
            int file = (int) OPEN.invokeExact(arena.allocateFrom(namespace.toString()), 0);
            int entered = (int) SETNS.invokeExact(file, CLONE_NEWNET);
            int _ = (int) CLOSE.invokeExact(file);
            if (entered != 0) {
                throw new IOException(namespace + " cannot be entered: run the tests as root");
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a C function throws nothing", e);
        }
    }
}
