package io.portreeve.server.bench;

import java.util.Arrays;

/** What was answered, how long each took, and what was not answered. */
final class Tally {
    private static final double NANOS_PER_MILLISECOND = 1e6;

    private long[] nanos = new long[1024];
    private int answered;
    private int lost;

    void answered(long took) {
        if (answered == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * answered);
        }
        nanos[answered++] = took;
    }

    void lost() {
        lost++;
    }

    /** @param seconds how long all of them took together */
    Figure figure(double seconds) {
        var sorted = Arrays.copyOf(nanos, answered);
        Arrays.sort(sorted);
        return new Figure(answered, answered / seconds, percentile(sorted, 50), percentile(sorted, 99), lost);
    }

    /** The nearest rank: always a request that was made. */
    private static double percentile(long[] sorted, int percent) {
        int rank = (int) Math.ceil(sorted.length * percent / 100.0);
        return rank == 0 ? 0 : sorted[rank - 1] / NANOS_PER_MILLISECOND;
    }
}
