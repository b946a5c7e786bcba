package io.portreeve.server.bench;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param outstanding requests that wait for an answer at any time, each of another subscriber
 * @param rounds that count; one more goes before, while the programs are compiled
 * @param time for each kind of requests in each round
 */
public record Plan(int outstanding, int rounds, Duration time) {
    public static final int MOST_OUTSTANDING = 1024;

    public static Plan full(int outstanding) {
        return new Plan(outstanding, 5, Duration.ofSeconds(2));
    }

    public static Plan quick(int outstanding) {
        return new Plan(outstanding, 3, Duration.ofMillis(500));
    }
}
