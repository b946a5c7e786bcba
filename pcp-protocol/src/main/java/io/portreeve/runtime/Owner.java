package io.portreeve.runtime;

import java.util.ArrayList;
import java.util.Optional;
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

    /** An empty entry only wakes the thread. */
    private final Inbox<Optional<E>> inbox;

    private final Owned<E> owned;
    private final MonoClock clock;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private volatile boolean closing;

    /**
     * @param onFailure what to do when {@code owned} throws: its state can no longer be trusted, so it is not called again
     */
    public Owner(String name, Owned<E> owned, MonoClock clock, Consumer<Throwable> onFailure) {
        this.owned = owned;
        this.clock = clock;
        inbox = clock.inbox();
        this.onFailure = onFailure;
        thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Says that {@code event} happened; returns at once. */
    public void put(E event) {
        inbox.add(Optional.of(event));
    }

    /**
     * Ends the thread after what it is doing; what is still in the inbox is not handled. May be called by that thread too.
     *
     * <p>Nothing is interrupted: an interrupt in the middle of a send or a write would close the channel it goes through.
     */
    @Override
    public void close() {
        closing = true;
        inbox.add(Optional.empty());
        if (Thread.currentThread() == thread) {
            return;
        }
        Joining.whateverComes(thread);
        inbox.close();
    }

    private void run() {
        try {
            while (!closing) {
                step();
            }
            LOG.debug("{} ends", thread.getName());
        } catch (InterruptedException | RuntimeException | Error e) {
            LOG.error("{} failed and stops: {}", thread.getName(), e, e);
            onFailure.accept(e);
        } finally {
            inbox.close();
        }
    }

    private void step() throws InterruptedException {
        var entries = inbox.take(owned.nextDue(), MAX_BATCH);
        if (!closing) {
            var events = new ArrayList<E>(entries.size());
            entries.forEach(entry -> entry.ifPresent(events::add));
            owned.handle(events, clock.now());
        }
    }
}
