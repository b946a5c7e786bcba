package io.portreeve.worlds;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What is left to chance, from a seed. It is cheap to make, so that everything that happens can have its own: what is left out
 * of a script then does not change the luck of the rest. The algorithm is SplitMix64.
 */
public final class Chance implements RandomGenerator {
    private static final long STEP = 0x9E37_79B9_7F4A_7C15L;

    private long state;

    public Chance(long seed) {
        state = seed;
    }

    /** {@return a chance of its own for the thing called {@code tag} in the world {@code seed}} */
    public static Chance of(long seed, long tag) {
        return new Chance(mixed(mixed(seed + STEP) ^ tag));
    }

    @Override
    public long nextLong() {
        state += STEP;
        return mixed(state);
    }

    private static long mixed(long seed) {
        long z = (seed ^ seed >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    /** {@return true once in {@code n} times} */
    public boolean oneIn(int n) {
        return nextInt(n) == 0;
    }

    public boolean happens(double probability) {
        return nextDouble() < probability;
    }

    public <T> T oneOf(List<T> choices) {
        return choices.get(nextInt(choices.size()));
    }

    /** {@return a time from nothing up to {@code longest}} */
    public Duration within(Duration longest) {
        return Duration.ofNanos(nextLong(longest.toNanos() + 1));
    }

    /** {@return a time from nothing up to so many seconds} */
    public Duration seconds(int most) {
        return within(Duration.ofSeconds(most));
    }
}
