package io.portreeve.control;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One question and its answer, with somebody who may be slow, but not for long. */
final class Conversation implements AutoCloseable {
    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final Duration patience;

    /** @param patience between two octets */
    Conversation(SocketChannel channel, Duration patience) throws IOException {
        this.channel = channel;
        this.patience = patience;
        selector = Selector.open();
        channel.configureBlocking(false);
        key = channel.register(selector, 0);
    }

    /** {@return the first line, or its first {@code longest} octets} */
    String question(int longest) throws IOException {
        var octets = ByteBuffer.allocate(longest);
        boolean ended = false;
        while (!ended && octets.hasRemaining()) {
            await(SelectionKey.OP_READ);
            ended = channel.read(octets) < 0 || text(octets).contains("\n");
        }
        return text(octets).lines().findFirst().orElse("");
    }

    private static String text(ByteBuffer octets) {
        return new String(octets.array(), 0, octets.position(), StandardCharsets.UTF_8);
    }

    void answer(String text) throws IOException {
        var octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (octets.hasRemaining()) {
            await(SelectionKey.OP_WRITE);
            channel.write(octets);
        }
    }

    private void await(int operation) throws IOException {
        key.interestOps(operation);
        if (selector.select(patience.toMillis()) == 0) {
            throw new SocketTimeoutException("somebody who asks has stopped in the middle");
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            selector.close();
        }
    }
}
