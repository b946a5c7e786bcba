package io.portreeve.bench.client;

import java.time.Duration;

/** Lets one thing after the other happen, each in its moment. What is late is made up for. */
final class Pace {
    private final Duration distance;
    private long next = System.nanoTime();

    Pace(Duration distance) {
        this.distance = distance;
    }

    void await() throws InterruptedException {
        next += distance.toNanos();
        Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
    }
}
