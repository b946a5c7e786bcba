package io.portreeve.server.engine;

import java.util.BitSet;
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
        if (port < first || port > last || taken.get(port)) {
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

    private int firstFreeFrom(int start) {
        int port = taken.nextClearBit(start);
        return port <= last ? port : taken.nextClearBit(first);
    }

    void giveBack(int port) {
        taken.clear(port);
        free++;
    }
}
