package io.portreeve.bench;

import java.time.Duration;
import java.util.List;

/**
 * How much is measured.
 *
 * @param sizes of the chain's table, from the smallest to the largest
 * @param rounds how often each is measured; the median is shown
 * @param round how long one measurement takes
 * @param warmUp how long the programs run before the first
 * @param filling how long a table may take to be filled to its next size
 */
record Plan(List<Integer> sizes, int rounds, Duration round, Duration warmUp, Duration filling) {
    static final Plan FULL = new Plan(
            List.of(10, 100, 1_000, 10_000), 5, Duration.ofSeconds(3), Duration.ofSeconds(30), Duration.ofMinutes(3));
    static final Plan QUICK = new Plan(
            List.of(10, 100, 1_000), 3, Duration.ofMillis(1_500), Duration.ofSeconds(5), Duration.ofMinutes(1));
}
