package io.portreeve.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the owner of a program may ask it while it runs: a socket file that only he can open. One line in, text out. */
public final class ControlSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final int LONGEST_QUESTION = 1024;

    /** All who ask wait for each other, so nobody may be slower than this. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Path file;
    private final Entrance entrance;
    private final UnaryOperator<String> answers;
    private final Duration patience;
    private final CountDownLatch closing = new CountDownLatch(1);

    ControlSocket(Path file, Entrance entrance, UnaryOperator<String> answers, Duration patience) {
        this.file = file;
        this.entrance = entrance;
        this.answers = answers;
        this.patience = patience;
    }

    /**
     * @param answers makes the answer to a question; called by one thread
     * @throws ControlException if another program has this socket, or it cannot be made
     */
    public static ControlSocket open(Path file, UnaryOperator<String> answers) throws ControlException {
        return open(file, answers, PATIENCE);
    }

    static ControlSocket open(Path file, UnaryOperator<String> answers, Duration patience) throws ControlException {
        removeStale(file);
        try {
            var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            channel.bind(UnixDomainSocketAddress.of(file));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            var opened = new ControlSocket(file, Entrance.of(channel), answers, patience);
            opened.start();
            return opened;
        } catch (IOException e) {
            throw new ControlException(
                    file + ": cannot be made (" + e.getMessage() + "); choose another 'control-socket'", e);
        }
    }

    /** A program that was killed leaves its socket behind; nobody answers there. */
    private static void removeStale(Path file) throws ControlException {
        if (Files.notExists(file)) {
            return;
        }
        try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            throw new ControlException(
                    file + ": another program answers there; stop that one or choose another 'control-socket'", null);
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

    void start() {
        Thread.ofPlatform().daemon().name("control").start(this::accept);
    }

    private void accept() {
        try {
            do {
                acceptOne();
            } while (closing.getCount() > 0);
        } catch (ClosedChannelException e) {
            LOG.debug("{} is closed", file);
        } catch (InterruptedException e) {
            LOG.warn("{}: interrupted; it answers no longer", file);
        }
    }

    private void acceptOne() throws ClosedChannelException, InterruptedException {
        try {
            serve(entrance.accept());
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            LOG.warn("{}: nobody is answered for a moment: {}", file, e.getMessage());
            // who asks while there are no file descriptors left goes on waiting
            var _ = closing.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Whatever becomes of one question, the next one is answered. */
    private void serve(SocketChannel connection) {
        try (connection;
                var conversation = new Conversation(connection, patience)) {
            conversation.answer(answers.apply(conversation.question(LONGEST_QUESTION)));
        } catch (IOException e) {
            LOG.debug("{}: {}", file, e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("{}: a question could not be answered: {}", file, e, e);
        }
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        entrance.close();
        Files.deleteIfExists(file);
    }
}
