package io.portreeve.server.junit;

import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.Inbox;
import io.portreeve.runtime.MonoClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * A clock that stands still until somebody moves it. It halts at each time for which a thread waits, until all threads have done
 * what there was to do then and wait again.
 */
final class VirtualClock implements MonoClock {
    private final List<Place<?>> places = new ArrayList<>();
    private final long patienceNanos;
    private MonoTime now;

    /** @param patience how long all threads may be at work together; beyond that one of them hangs */
    VirtualClock(MonoTime start, Duration patience) {
        now = start;
        patienceNanos = patience.toNanos();
    }

    @Override
    public synchronized MonoTime now() {
        return now;
    }

    @Override
    public synchronized <E> Inbox<E> inbox() {
        var place = new Place<E>();
        places.add(place);
        return place;
    }

    /**
     * Returns when all has happened that is due by then. One thread at a time.
     *
     * @throws IllegalArgumentException if it goes back, or 292 years ahead
     */
    synchronized void advance(Duration time) {
        var target = now.plus(time);
        if (time.isNegative() || target.equals(MonoTime.NEVER)) {
            throw new IllegalArgumentException(time + ": this clock goes neither back nor 292 years ahead");
        }
        awaitRest();
        for (var next = nextDue(); !next.isAfter(target); next = nextDue()) {
            moveTo(next);
        }
        moveTo(target);
    }

    private MonoTime nextDue() {
        return places.stream().map(place -> place.due).reduce(MonoTime.NEVER, MonoTime::earlier);
    }

    private void moveTo(MonoTime time) {
        now = time;
        notifyAll();
        awaitRest();
    }

    private void awaitRest() {
        long start = System.nanoTime();
        while (!places.stream().allMatch(Place::rests)) {
            long left = patienceNanos - (System.nanoTime() - start);
            if (left <= 0) {
                throw new AssertionError(
                        "the server hangs: it is still at work at " + now.seconds() + " s of its time");
            }
            try {
                wait(left / 1_000_000 + 1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while time passed", e);
            }
        }
    }

    /** All of them have one lock, the clock, so that it sees in one moment whether nobody has anything to do. */
    private final class Place<E> implements Inbox<E> {
        private final Queue<E> entries = new ArrayDeque<>();
        private MonoTime due = MonoTime.NEVER;
        private boolean waits;

        boolean rests() {
            return waits && entries.isEmpty() && due.isAfter(now);
        }

        @Override
        public void add(E entry) {
            synchronized (VirtualClock.this) {
                entries.add(entry);
                VirtualClock.this.notifyAll();
            }
        }

        @Override
        public List<E> take(MonoTime until, int most) throws InterruptedException {
            synchronized (VirtualClock.this) {
                due = until;
                waits = true;
                VirtualClock.this.notifyAll();
                try {
                    while (rests()) {
                        VirtualClock.this.wait();
                    }
                } finally {
                    waits = false;
                }
                var taken = new ArrayList<E>();
                while (!entries.isEmpty() && taken.size() < most) {
                    taken.add(entries.remove());
                }
                return taken;
            }
        }

        @Override
        public void close() {
            synchronized (VirtualClock.this) {
                places.remove(this);
                VirtualClock.this.notifyAll();
            }
        }
    }
}
