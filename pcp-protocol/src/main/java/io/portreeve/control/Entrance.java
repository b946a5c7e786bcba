package io.portreeve.control;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Where those come in who ask. */
interface Entrance extends Closeable {

    /** {@return the next one} Waits for it. */
    SocketChannel accept() throws IOException;

    static Entrance of(ServerSocketChannel channel) {
        return new Entrance() {
            @Override
            public SocketChannel accept() throws IOException {
                return channel.accept();
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }
}
