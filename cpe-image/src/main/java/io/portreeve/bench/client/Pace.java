package io.portreeve.bench.client;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Lets one thing after the other happen, each in its moment. What is late is made up for. */
public final class Pace {
    private final Duration distance;
    private long next = System.nanoTime();

    public Pace(Duration distance) {
        this.distance = distance;
    }

    /** Waits for time alone: how often things happen is the load that is measured. */
    public void await() {
        next += distance.toNanos();
        for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
