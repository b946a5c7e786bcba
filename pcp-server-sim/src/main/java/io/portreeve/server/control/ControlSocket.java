package io.portreeve.server.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the server's owner may ask a running server: a socket file that only he can open. One word in, text out. */
public final class ControlSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    static final String MAPPINGS = "mappings";
    private static final int MAX_QUESTION = 64;

    private final Path file;
    private final ServerSocketChannel channel;
    private final Supplier<String> mappings;

    private ControlSocket(Path file, ServerSocketChannel channel, Supplier<String> mappings) {
        this.file = file;
        this.channel = channel;
        this.mappings = mappings;
    }

    /**
     * @param mappings makes the answer to {@code mappings}; called by many threads
     * @throws ControlException if another server has this socket, or it cannot be made
     */
    public static ControlSocket open(Path file, Supplier<String> mappings) throws ControlException {
        removeStale(file);
        try {
            var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            channel.bind(UnixDomainSocketAddress.of(file));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            var opened = new ControlSocket(file, channel, mappings);
            Thread.ofPlatform().daemon().name("control").start(opened::accept);
            return opened;
        } catch (IOException e) {
            throw new ControlException(
                    file + ": cannot be made (" + e.getMessage() + "); choose another 'control-socket'", e);
        }
    }

    /** A server that was killed leaves its socket behind; nobody answers there. */
    private static void removeStale(Path file) throws ControlException {
        if (Files.notExists(file)) {
            return;
        }
        try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            throw new ControlException(
                    file + ": another server answers there; stop that one or choose another 'control-socket'", null);
        } catch (IOException e) {
            removeIfSocket(file);
        }
    }

    private static void removeIfSocket(Path file) throws ControlException {
        try {
            if (Files.isRegularFile(file) || Files.isDirectory(file)) {
                throw new ControlException(file + ": is no socket; choose another 'control-socket'", null);
            }
            Files.delete(file);
        } catch (IOException e) {
            throw new ControlException(file + ": cannot be removed (" + e + ")", e);
        }
    }

    private void accept() {
        try {
            while (true) {
                var connection = channel.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (ClosedChannelException e) {
            LOG.debug("{} is closed", file);
        } catch (IOException e) {
            LOG.warn("{}: {}; it answers no longer", file, e.getMessage());
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            var question = new String(
                            Channels.newInputStream(connection).readNBytes(MAX_QUESTION), StandardCharsets.US_ASCII)
                    .strip();
            var answer = question.equals(MAPPINGS) ? mappings.get() : "no such question; ask: " + MAPPINGS + "\n";
            Channels.newOutputStream(connection).write(answer.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("{}: {}", file, e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
