package io.portreeve.server.bench;

import java.util.List;

/**
 * How large a table is made. The pool has hardly more ports than that, so that the last ones are hard to find.
 *
 * @param mappings all together, a multiple of those of each subscriber
 */
public record TablePlan(int mappings) {
    public static final int MOST_MAPPINGS = 1_000_000;

    /** Mappings of each subscriber. */
    static final int EACH = 10;

    private static final int MOST_PORTS = 60_000;
    private static final int FIRST_PORT = 1024;

    /** PCP's own two, which are never given away. */
    private static final int RESERVED_PORTS = 2;

    public TablePlan {
        if (mappings < EACH || mappings > MOST_MAPPINGS || mappings % EACH != 0) {
            throw new IllegalArgumentException(mappings + " mappings");
        }
    }

    int subscribers() {
        return mappings / EACH;
    }

    private int addresses() {
        return Math.ceilDiv(mappings, MOST_PORTS);
    }

    /** {@return the ports of each external address} All of them are asked for but one of a thousand. */
    private int ports() {
        int asked = Math.ceilDiv(subscribers(), addresses()) * EACH;
        return Math.ceilDiv(asked * 1000, 999) + RESERVED_PORTS;
    }

    double poolUse() {
        return (double) mappings / ((ports() - RESERVED_PORTS) * addresses());
    }

    /** {@return the settings of such a pool} */
    List<String> pool() {
        return List.of(
                "pool = 203.0.114.1-203.0.114." + addresses(),
                "pool-ports = " + FIRST_PORT + "-" + (FIRST_PORT + ports() - 1));
    }
}
