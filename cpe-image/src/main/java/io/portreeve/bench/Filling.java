package io.portreeve.bench;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Fills a table with mappings that stay, apart from the ports of the {@link Load}. */
public final class Filling {
    private static final int FIRST_PORT = 10_000;
    private static final int CALLERS = 8;

    private final PortMappings mappings;
    private final Queue<Integer> missing = new ConcurrentLinkedQueue<>();
    private final AtomicInteger filled = new AtomicInteger();
    private int queued;

    public Filling(PortMappings mappings) {
        this.mappings = mappings;
    }

    /**
     * Fills up to {@code size} mappings, or for as long as {@code budget} allows. What fails is tried again.
     *
     * @return how many there are now
     */
    public int fill(int size, Duration budget) {
        for (; queued < size; queued++) {
            missing.add(FIRST_PORT + queued);
        }
        long end = System.nanoTime() + budget.toNanos();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) {
                threads.execute(() -> fillUntil(end));
            }
        }
        return filled.get();
    }

    private void fillUntil(long end) {
        Integer port;
        while (System.nanoTime() < end && (port = missing.poll()) != null) {
            try {
                mappings.create(port);
                filled.incrementAndGet();
            } catch (Exception e) {
                missing.add(port);
                Progress.say("failed while the table is filled: " + e.getMessage());
            }
        }
    }
}
