package io.portreeve.client.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** When to renew a mapping. Source: RFC 6887 section 11.2.1. */
final class Renewal {
    static final Duration MIN_SPACING = Duration.ofSeconds(4);

    private Renewal() {}

    /**
     * {@return the age at which a mapping sends renewal {@code attempt}, or empty if it expires first}
     *
     * <p>Attempt 0 falls in 1/2 to 5/8 of the lifetime, 1 in 3/4 to 13/16, 2 in 7/8 to 29/32: attempt n begins where
     * 1/2^(n+1) of the lifetime is left, and spreads over the first quarter of that.
     *
     * @param lifetime as assigned, after {@code Lifetime.sane()} has cut it to a day
     * @param previous the age at which the last request was sent; negative if that was before the grant
     */
    static Optional<Duration> age(int attempt, Duration lifetime, Duration previous, RandomGenerator random) {
        double left = Math.scalb(1.0, -(attempt + 1));
        double fraction = 1 - left + random.nextDouble() * left / 4;
        var wanted = Duration.ofNanos((long) (lifetime.toNanos() * fraction));
        var allowed = previous.plus(MIN_SPACING);
        var age = wanted.compareTo(allowed) < 0 ? allowed : wanted;
        return Optional.of(age).filter(it -> it.compareTo(lifetime) < 0);
    }
}
