package io.portreeve.client.engine;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The retransmission timer: the caller owns clock and randomness. Source: RFC 6887 section 8.1.1.
 *
 * @param irt initial retransmission time
 * @param mrt longest retransmission time; zero sets no limit
 */
record Retransmission(Duration irt, Duration mrt) {
    static final Retransmission RFC_6887 = new Retransmission(Duration.ofSeconds(3), Duration.ofSeconds(1024));

    /** {@return the first RT} {@code RT = (1 + RAND) * IRT} */
    Duration first(RandomGenerator random) {
        return jittered(irt, random);
    }

    /** {@return the RT after {@code previous}} {@code RT = (1 + RAND) * MIN(2 * RTprev, MRT)} */
    Duration next(Duration previous, RandomGenerator random) {
        var doubled = previous.multipliedBy(2);
        boolean capped = !mrt.isZero() && doubled.compareTo(mrt) > 0;
        return jittered(capped ? mrt : doubled, random);
    }

    private static Duration jittered(Duration duration, RandomGenerator random) {
        double rand = random.nextDouble(-0.1, 0.1);
        return Duration.ofNanos((long) (duration.toNanos() * (1 + rand)));
    }
}
