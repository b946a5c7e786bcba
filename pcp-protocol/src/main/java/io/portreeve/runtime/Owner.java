package io.portreeve.runtime;

import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread, one inbox, one thing it owns. All other threads only {@link #put}.
 *
 * @param <E> what can happen
 */
public final class Owner<E> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Owner.class);
    private static final int MAX_BATCH = 256;

    private final BlockingQueue<E> inbox = new LinkedBlockingQueue<>();
    private final Owned<E> owned;
    private final MonoClock clock;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;

    /**
     * @param onFailure what to do when {@code owned} throws: its state can no longer be trusted, so it is not called again
     */
    public Owner(String name, Owned<E> owned, MonoClock clock, Consumer<Throwable> onFailure) {
        this.owned = owned;
        this.clock = clock;
        this.onFailure = onFailure;
        thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Says that {@code event} happened; returns at once. */
    public void put(E event) {
        inbox.add(event);
    }

    /** Ends the thread after what it is doing; what is still in the inbox is not handled. May be called by that thread too. */
    @Override
    public void close() {
        thread.interrupt();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                step();
            }
        } catch (InterruptedException e) {
            LOG.debug("{} ends", thread.getName());
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed and stops: {}", thread.getName(), e, e);
            onFailure.accept(e);
        }
    }

    private void step() throws InterruptedException {
        var wait = clock.now().until(owned.nextDue());
        var first = inbox.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
        var events = new ArrayList<E>();
        if (first != null) {
            events.add(first);
            inbox.drainTo(events, MAX_BATCH - 1);
        }
        owned.handle(events, clock.now());
    }
}
