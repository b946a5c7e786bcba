package io.portreeve.image;

import io.portreeve.testing.NetworkNamespace;
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
    private static final int HUNG_MILLIS = 60_000;

    private final Path namespace;

    /** @param namespace the file by which its network namespace is known */
    Host(Path namespace) {
        this.namespace = namespace;
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
            NetworkNamespace.enter(namespace);
            return work.call();
        });
        Thread.ofPlatform().name("inside-" + namespace.getFileName()).start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
