package io.portreeve.server.faults;

import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * What is drawn: for each kind of message by itself. A request that comes before the answer to another, or an announcement in
 * between, changes nothing for those that follow.
 */
record Chances(RandomGenerator requests, RandomGenerator answers, RandomGenerator unasked) {

    /** @param seeded equal ones for equal seeds */
    static Chances of(RandomGenerator source, LongFunction<RandomGenerator> seeded) {
        return new Chances(
                seeded.apply(source.nextLong()), seeded.apply(source.nextLong()), seeded.apply(source.nextLong()));
    }
}
