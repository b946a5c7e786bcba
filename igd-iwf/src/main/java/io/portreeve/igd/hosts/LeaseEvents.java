package io.portreeve.igd.hosts;

import io.portreeve.runtime.Joining;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what the DHCP server's hook has put into a folder, one file for each event, in the order of their names. RFC 6970
 * section 5.10.
 *
 * <p>A folder, because a hook must never wait for the gateway, and what happens while the gateway is down must not be lost. Its
 * thread sleeps until a file comes.
 */
public final class LeaseEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseEvents.class);

    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Spool spool;
    private final HostListener listener;
    private final Consumer<Throwable> onFailure;
    private final Duration pause;
    private final WatchService watch;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    /** What could not be deleted, and shall not be told again. */
    private final Set<Path> stuck = new HashSet<>();

    private LeaseEvents(Spool spool, HostListener listener, Consumer<Throwable> onFailure, Duration pause)
            throws IOException {
        this.spool = spool;
        this.listener = listener;
        this.onFailure = onFailure;
        this.pause = pause;
        watch = spool.folder().getFileSystem().newWatchService();
        thread = Thread.ofPlatform().name("lease-events").daemon().unstarted(this::run);
    }

    /** Makes {@code folder} if it is not there. @throws LeaseEventsException if nobody could put a file there, or anybody could */
    public static void prepare(Path folder) throws LeaseEventsException {
        try {
            new Spool(folder).make();
        } catch (IOException e) {
            throw new LeaseEventsException(folder, e.getMessage());
        }
    }

    /**
     * {@return what tells {@code listener} of every event, from a thread of its own} What waits in {@code folder} comes first.
     *
     * @param folder prepared
     * @param onFailure called once if nothing can be told any more
     */
    public static LeaseEvents start(Path folder, HostListener listener, Consumer<Throwable> onFailure)
            throws LeaseEventsException {
        return start(folder, listener, onFailure, PAUSE);
    }

    /** @param pause before a folder that cannot be read is tried again */
    static LeaseEvents start(Path folder, HostListener listener, Consumer<Throwable> onFailure, Duration pause)
            throws LeaseEventsException {
        try {
            var events = new LeaseEvents(new Spool(folder), listener, onFailure, pause);
            events.thread.start();
            return events;
        } catch (IOException e) {
            throw new LeaseEventsException(folder, "it cannot be watched: " + e.getMessage());
        }
    }

    /** A folder that cannot be read is no reason to end a gateway, which opens ports all the same. */
    private void run() {
        try {
            while (closing.getCount() > 0) {
                try {
                    follow();
                    remake();
                } catch (IOException e) {
                    LOG.error(
                            "{}: DHCP leases are not heard of: {}; tried again in {} s",
                            spool.folder(),
                            e.toString(),
                            pause.toSeconds());
                    var _ = closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
                }
            }
        } catch (ClosedWatchServiceException e) {
            LOG.debug("{} ends", thread.getName());
        } catch (InterruptedException | RuntimeException | Error e) {
            LOG.error("{} failed and stops: {}", thread.getName(), e, e);
            onFailure.accept(e);
        }
    }

    private void remake() throws IOException {
        if (closing.getCount() > 0) {
            LOG.warn("{} is gone; it is made again", spool.folder());
            spool.make();
        }
    }

    /** Returns when the folder is gone, or this is closed. */
    private void follow() throws IOException, InterruptedException {
        try {
            var key = spool.folder().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            do {
                takeAll();
                watch.take().pollEvents();
            } while (key.reset());
        } catch (NoSuchFileException e) {
            LOG.debug("{}", e.toString());
        }
    }

    private void takeAll() throws IOException {
        var files = spool.next();
        stuck.retainAll(files);
        while (!stuck.containsAll(files)) {
            files.stream().filter(file -> !stuck.contains(file)).forEach(this::take);
            files = spool.next();
        }
    }

    private void take(Path file) {
        try {
            var event = LeaseEvent.parse(Spool.text(file));
            if (event.host().isIpv4()) {
                event.tell(listener);
            } else {
                LOG.debug("{}: ignored, because only IPv4 hosts have port mappings", event);
            }
        } catch (IllegalArgumentException e) {
            LOG.warn("{}: {}; it is ignored and deleted", printable(file), printable(e.getMessage()));
        } catch (IOException e) {
            LOG.warn("{}: cannot be read: {}", printable(file), printable(e.toString()));
        }
        delete(file);
    }

    private void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            stuck.add(file);
            LOG.warn("{}: cannot be deleted: {}", printable(file), printable(e.toString()));
        }
    }

    private static String printable(Object text) {
        return text.toString().replaceAll("[^ -~]", "?");
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            watch.close();
        } catch (IOException e) {
            LOG.debug("{}", e.toString());
        }
        Joining.whateverComes(thread);
    }
}
