package io.portreeve.testing;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Random tests from seeds, so that a failure can be had again. */
public final class Seeds {
    private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
            RandomGeneratorFactory.of("L64X128MixRandom");

    private Seeds() {}

    /** Runs {@code check} once for each seed from 0; a failure names its seed. */
    public static void each(int count, Consumer<RandomGenerator> check) {
        for (long seed = 0; seed < count; seed++) {
            try {
                check.accept(of(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    public static RandomGenerator of(long seed) {
        return FACTORY.create(seed);
    }
}
