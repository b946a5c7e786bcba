package io.portreeve.bench.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;

/** Datagrams of the size of GET/NEXT, there and back one after the other, that nobody reads. */
final class BarePages {
    private static final int REQUEST = 136;
    private static final int PAGE = 1084;

    private BarePages() {}

    /** {@return how long {@code pages} of them take} */
    static Duration measure(int pages) throws IOException {
        try (var server = bound();
                var client = bound()) {
            Thread.ofPlatform().daemon().start(() -> answer(server));
            var buffer = ByteBuffer.allocate(2048);
            exchange(client, server, pages, buffer); // the compiler has seen it now
            long start = System.nanoTime();
            exchange(client, server, pages, buffer);
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    private static DatagramChannel bound() throws IOException {
        return DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static void exchange(DatagramChannel client, DatagramChannel server, int pages, ByteBuffer buffer)
            throws IOException {
        for (int page = 0; page < pages; page++) {
            client.send(buffer.clear().limit(REQUEST), server.getLocalAddress());
            client.receive(buffer.clear());
        }
    }

    private static void answer(DatagramChannel server) {
        var buffer = ByteBuffer.allocate(2048);
        try {
            while (true) {
                var from = server.receive(buffer.clear());
                server.send(buffer.clear().limit(PAGE), from);
            }
        } catch (IOException _) {
            // It is closed at the end.
        }
    }
}
