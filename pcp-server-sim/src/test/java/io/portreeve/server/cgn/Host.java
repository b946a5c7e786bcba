package io.portreeve.server.cgn;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.testing.NetworkNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A machine of its own: a network namespace. Its sockets are made inside; then any thread may use them. */
final class Host implements Closeable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("host").daemon().factory());
    private final Deque<Closeable> open = new ArrayDeque<>();
    private final String threadId;

    Host() throws Exception {
        threadId = inside(() -> {
            NetworkNamespace.unshare();
            return Files.readSymbolicLink(Path.of("/proc/thread-self"))
                    .getFileName()
                    .toString();
        });
    }

    /** {@return what {@code ip} calls its namespace} */
    String namespace() {
        return threadId;
    }

    <T> T inside(Callable<T> action) throws Exception {
        try {
            return thread.submit(action).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** {@return something that is open until this host is closed} */
    <T extends Closeable> T open(Callable<T> action) throws Exception {
        T opened = inside(action);
        open.push(opened);
        return opened;
    }

    void ip(String batch) throws Exception {
        inside(() -> command("ip", "-batch", "-", batch));
    }

    /** {@return what a command prints that succeeds} It runs in the network namespace of the calling thread. */
    static String command(String program, String first, String second, String input)
            throws IOException, InterruptedException {
        var process = new ProcessBuilder(program, first, second)
                .redirectErrorStream(true)
                .start();
        try (var writer = process.outputWriter()) {
            writer.write(input);
        }
        var output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
        return output.replaceAll(" counter packets \\d+ bytes \\d+ :", " :"); // of entries, not of rules
    }

    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        thread.shutdown();
    }
}
