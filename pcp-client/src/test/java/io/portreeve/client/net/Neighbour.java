package io.portreeve.client.net;

import io.portreeve.testing.Await;
import io.portreeve.testing.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A machine at the other end of a cable: a network namespace. Its sockets are made inside; then any thread may use them. */
public final class Neighbour implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("neighbour").daemon().factory());
    private final String threadId;

    public Neighbour() throws Exception {
        threadId = inside(() -> {
                    NetworkNamespace.unshare();
                    return Files.readSymbolicLink(Path.of("/proc/thread-self"))
                            .getFileName()
                            .toString();
                })
                .get();
    }

    /** Puts a cable between {@code link} of the caller's namespace and {@code eth0} here; both ends are up. */
    public void plugIn(String link, int index) throws Exception {
        // Ends with equal indexes would take a second to come up.
        Ip.batch("""
                link add %1$s index %2$d type veth peer name eth0 index %3$d netns %4$s
                link set %1$s up
                """.formatted(link, index, index + 100, threadId));
        ip("link set eth0 up");
        awaitCable(link);
    }

    /** Waits until what one end sends comes to the other. That a link is said to be running is not enough. */
    public void awaitCable(String link) throws Exception {
        Await.until("the near end is up", () -> isUp(link));
        Await.until("the far end is up", () -> inside(() -> isUp("eth0")).get());
    }

    private static boolean isUp(String link) throws IOException, InterruptedException {
        return Ip.batch("link show dev " + link).contains("state UP");
    }

    public void ip(String commands) throws Exception {
        inside(() -> Ip.batch(commands)).get();
    }

    public <T> Future<T> inside(Callable<T> action) {
        return thread.submit(action);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
