package io.portreeve.control;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Asks a program that runs. */
public final class ControlClient {
    private ControlClient() {}

    /**
     * {@return the answer to {@code question}, one line, of the program that listens at {@code socket}}
     *
     * @throws ControlException if there is none
     */
    public static String ask(Path socket, String question) throws ControlException {
        try (var connection = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Channels.newOutputStream(connection).write((question + "\n").getBytes(StandardCharsets.UTF_8));
            connection.shutdownOutput();
            return new String(Channels.newInputStream(connection).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ControlException(
                    socket + ": nobody answers there (" + e.getMessage()
                            + "); does the program run, and is this its 'control-socket'?",
                    e);
        }
    }
}
