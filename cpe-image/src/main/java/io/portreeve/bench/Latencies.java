package io.portreeve.bench;

import java.util.Arrays;

/** How long the calls of one kind took. For one thread. */
final class Latencies {
    private static final double NANOS_PER_MILLISECOND = 1e6;

    private long[] nanos = new long[1_024];
    private int count;
    private long total;

    void add(long took) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = took;
        total += took;
    }

    void addAll(Latencies others) {
        for (int i = 0; i < others.count; i++) {
            add(others.nanos[i]);
        }
    }

    int count() {
        return count;
    }

    /**
     * {@return these calls, made in turn with others}
     *
     * @param seconds how long all calls together were made, by however many callers
     */
    Figure figure(Latencies others, double seconds) {
        var sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        double share = (double) total / (total + others.total);
        return new Figure(count == 0 ? 0 : count / (seconds * share), percentile(sorted, 50), percentile(sorted, 99));
    }

    /** The nearest rank: always a call that was made. */
    private static double percentile(long[] sorted, int percent) {
        int rank = (int) Math.ceil(sorted.length * percent / 100.0);
        return sorted.length == 0 ? 0 : sorted[rank - 1] / NANOS_PER_MILLISECOND;
    }
}
