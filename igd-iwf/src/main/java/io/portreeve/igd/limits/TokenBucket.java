package io.portreeve.igd.limits;

import io.portreeve.pcp.MonoTime;

/** What is left of a rate; all of it at first. */
final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Rate rate;
    private double tokens;
    private MonoTime filled = MonoTime.START;

    TokenBucket(Rate rate) {
        this.rate = rate;
        tokens = rate.atOnce();
    }

    /** {@return true if {@code count} tokens were there; they are gone then} */
    boolean take(int count, MonoTime now) {
        double fresh = filled.until(now).toNanos() / NANOS_PER_SECOND * rate.perSecond();
        tokens = Math.min(rate.atOnce(), tokens + fresh);
        filled = now;
        if (tokens < count) {
            return false;
        }
        tokens -= count;
        return true;
    }
}
