package io.portreeve.server.control;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Asks a running server. */
public final class ControlClient {
    private ControlClient() {}

    /** {@return the CGN's table as text} */
    public static String mappings(Path socket) throws ControlException {
        try (var connection = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Channels.newOutputStream(connection).write(ControlSocket.MAPPINGS.getBytes(StandardCharsets.US_ASCII));
            connection.shutdownOutput();
            return new String(Channels.newInputStream(connection).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ControlException(
                    socket + ": no server answers there (" + e.getMessage() + "); see its 'control-socket'", e);
        }
    }
}
