package io.portreeve.client.engine;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When to ask again for many mappings at once: after a random start, so that all clients of a server do not come together,
 * then one after the other. Source: RFC 6887 section 14.1.3; the distance is the one deployed clients found bearable.
 */
final class Recreation {
    private static final Duration LONGEST_START = Duration.ofSeconds(5);
    private static final Duration DISTANCE = Duration.ofMillis(500);

    private MonoTime next;

    private Recreation(MonoTime first) {
        next = first;
    }

    static Recreation afterLoss(MonoTime now, RandomGenerator random) {
        return new Recreation(now.plus(Duration.ofNanos(random.nextLong(LONGEST_START.toNanos()))));
    }

    /** After a start of the client, which many others may share. */
    static Recreation afterStart(MonoTime now, ClientPolicy policy, RandomGenerator random) {
        long longest = policy.serviceWait().toNanos();
        return new Recreation(now.plus(Duration.ofNanos(longest == 0 ? 0 : random.nextLong(longest))));
    }

    /** After what no other client shares. */
    static Recreation atOnce(MonoTime now) {
        return new Recreation(now);
    }

    /** @param earliest before which it must not be */
    MonoTime nextFrom(MonoTime earliest) {
        next = earliest.isAfter(next) ? earliest : next;
        return next();
    }

    MonoTime next() {
        var due = next;
        next = next.plus(DISTANCE);
        return due;
    }
}
