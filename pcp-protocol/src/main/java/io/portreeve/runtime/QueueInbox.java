package io.portreeve.runtime;

import io.portreeve.pcp.MonoTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** For a clock that goes by itself: until a time has come it sleeps as long as that is away now. */
final class QueueInbox<E> implements Inbox<E> {
    private final BlockingQueue<E> queue = new LinkedBlockingQueue<>();
    private final MonoClock clock;

    QueueInbox(MonoClock clock) {
        this.clock = clock;
    }

    @Override
    public void add(E entry) {
        queue.add(entry);
    }

    @Override
    public List<E> take(MonoTime due, int most) throws InterruptedException {
        var wait = clock.now().until(due);
        var first = queue.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
        var entries = new ArrayList<E>();
        if (first != null) {
            entries.add(first);
            queue.drainTo(entries, most - 1);
        }
        return entries;
    }

    @Override
    public void close() {
        // what is left in it goes with it
    }
}
