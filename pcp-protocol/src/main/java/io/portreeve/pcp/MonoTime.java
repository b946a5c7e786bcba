package io.portreeve.pcp;

import java.time.Duration;

/**
 * A point on a clock that never goes back and runs on while the machine sleeps.
 *
 * <p>It has no date: two points of one clock can be compared, and that is all. Source: RFC 6887 section 8.5 (the client's clock).
 *
 * @param nanos nanoseconds since an arbitrary start
 */
public record MonoTime(long nanos) implements Comparable<MonoTime> {
    public static final MonoTime START = new MonoTime(0);

    /** Later than anything that happens: 292 years. */
    public static final MonoTime NEVER = new MonoTime(Long.MAX_VALUE);

    /** {@return the point {@code duration} later}, or {@link #NEVER} if that is beyond it. */
    public MonoTime plus(Duration duration) {
        if (nanos == NEVER.nanos) {
            return NEVER;
        }
        try {
            return new MonoTime(Math.addExact(nanos, duration.toNanos()));
        } catch (ArithmeticException e) {
            return NEVER;
        }
    }

    /** {@return how long it is from this point to {@code later}}, negative if that lies before. */
    public Duration until(MonoTime later) {
        return Duration.ofNanos(later.nanos - nanos);
    }

    public boolean isBefore(MonoTime other) {
        return nanos < other.nanos;
    }

    public boolean isAfter(MonoTime other) {
        return nanos > other.nanos;
    }

    public MonoTime earlier(MonoTime other) {
        return isBefore(other) ? this : other;
    }

    public MonoTime later(MonoTime other) {
        return isAfter(other) ? this : other;
    }

    /** {@return whole seconds since the clock's start} */
    public long seconds() {
        return Math.floorDiv(nanos, 1_000_000_000L);
    }

    @Override
    public int compareTo(MonoTime other) {
        return Long.compare(nanos, other.nanos);
    }
}
