package io.portreeve.server.engine;

import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** The ports of one external address and one protocol: which are given away. */
final class PortRange {

    /** Draws before the free ports are searched: only a pool that is nearly empty gets there. */
    private static final int DRAWS = 32;

    private final int first;
    private final int last;
    private final BitSet taken = new BitSet();
    private int free;

    PortRange(int first, int last) {
        this.first = first;
        this.last = last;
        free = last - first + 1;
    }

    /** {@return true if {@code port} was free, and now is not} */
    boolean takeExactly(int port) {
        if (!covers(port) || taken.get(port)) {
            return false;
        }
        taken.set(port);
        free--;
        return true;
    }

    /** {@return {@code suggested} if it is free, else a port that cannot be guessed; empty if none is left} RFC 6056. */
    OptionalInt take(int suggested, RandomGenerator random) {
        if (takeExactly(suggested)) {
            return OptionalInt.of(suggested);
        }
        if (free == 0) {
            return OptionalInt.empty();
        }
        for (int draw = 0; draw < DRAWS; draw++) {
            int port = random.nextInt(first, last + 1);
            if (takeExactly(port)) {
                return OptionalInt.of(port);
            }
        }
        int port = firstFreeFrom(random.nextInt(first, last + 1));
        takeExactly(port);
        return OptionalInt.of(port);
    }

    /**
     * {@return contiguous free ports, up to {@code count} of them, which are free no longer; empty if none is left}
     *
     * @param suggested where they should begin
     * @param parity the first is even or odd as this number, unless nothing is left but a single port
     */
    Optional<Run> takeRun(int suggested, int count, OptionalInt parity, RandomGenerator random) {
        var run = fits(suggested, count, parity)
                ? Optional.of(new Run(suggested, count))
                : longest(count, parity, random);
        run.ifPresent(it -> {
            taken.set(it.first(), it.first() + it.count());
            free -= it.count();
        });
        return run;
    }

    private boolean fits(int start, int count, OptionalInt parity) {
        return start >= first && isLike(parity, start) && freeFrom(start) >= count;
    }

    private static boolean isLike(OptionalInt parity, int port) {
        return parity.isEmpty() || (parity.getAsInt() & 1) == (port & 1);
    }

    /** {@return how many ports are free from {@code start} on} */
    private int freeFrom(int start) {
        int next = taken.nextSetBit(start);
        return Math.max(0, (next < 0 ? last + 1 : Math.min(next, last + 1)) - start);
    }

    /** {@return the first run of {@code count} after a random port, else the longest there is} */
    private Optional<Run> longest(int count, OptionalInt parity, RandomGenerator random) {
        int start = random.nextInt(first, last + 1);
        var above = longest(start, last, count, parity);
        if (above.count() == count) {
            return Optional.of(above);
        }
        var below = longest(first, last, count, parity);
        return Optional.of(below.count() > above.count() ? below : above).filter(run -> run.count() > 0);
    }

    private Run longest(int from, int to, int count, OptionalInt parity) {
        var best = new Run(from, 0);
        int port = taken.nextClearBit(from);
        while (port <= to && best.count() < count) {
            int begin = isLike(parity, port) ? port : port + 1;
            int length = Math.min(count, freeFrom(begin));
            if (length > best.count()) {
                best = new Run(begin, length);
            }
            port = taken.nextClearBit(port + Math.max(1, freeFrom(port)));
        }
        return best;
    }

    /** Contiguous ports. */
    record Run(int first, int count) {}

    private int firstFreeFrom(int start) {
        int port = taken.nextClearBit(start);
        return port <= last ? port : taken.nextClearBit(first);
    }

    boolean covers(int port) {
        return first <= port && port <= last;
    }

    void giveBack(int port) {
        taken.clear(port);
        free++;
    }
}
