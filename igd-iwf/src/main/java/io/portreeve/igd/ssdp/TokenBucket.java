package io.portreeve.igd.ssdp;

import io.portreeve.pcp.MonoTime;

/** So many a second on average, so many at once. */
final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private final int perSecond;
    private final int capacity;
    private double tokens;
    private MonoTime filled;

    TokenBucket(int perSecond, int capacity, MonoTime now) {
        this.perSecond = perSecond;
        this.capacity = capacity;
        tokens = capacity;
        filled = now;
    }

    /** {@return true if {@code count} tokens were there; they are gone then} */
    boolean take(int count, MonoTime now) {
        double fresh = filled.until(now).toNanos() / NANOS_PER_SECOND * perSecond;
        tokens = Math.min(capacity, tokens + fresh);
        filled = now;
        if (tokens < count) {
            return false;
        }
        tokens -= count;
        return true;
    }
}
