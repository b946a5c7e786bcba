package io.portreeve.server.engine;

import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.PcpOption.NextRequest;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;

/** The first of many mappings behind a locator, in the order of their tuples: more than a page has room for, and few. */
final class Nearest {

    /** A page has room for 21. */
    private static final int MOST = 32;

    private final Optional<NextRequest> from;
    private final TreeMap<GetTuple, MappingRow> rows = new TreeMap<>();
    private boolean isNone = true;

    /** @param from empty if nobody wants to see them */
    Nearest(Optional<NextRequest> from) {
        this.from = from;
    }

    void offer(GetTuple tuple, MappingRow row) {
        isNone = false;
        if (from.filter(it -> isBehind(it, tuple)).isPresent() && isNear(tuple)) {
            rows.put(tuple, row);
            if (rows.size() > MOST) {
                rows.pollLastEntry();
            }
        }
    }

    /** Whoever wants one gets the very one the locator names. */
    private static boolean isBehind(NextRequest from, GetTuple tuple) {
        int order = tuple.compareTo(from.locator());
        return order > 0 || order == 0 && (from.end() || from.locator().isAny());
    }

    private boolean isNear(GetTuple tuple) {
        return rows.size() < MOST || tuple.compareTo(rows.lastKey()) < 0;
    }

    /** {@return true if there is none, before the locator or behind it} */
    boolean isNone() {
        return isNone;
    }

    Collection<MappingRow> rows() {
        return rows.values();
    }

    /** {@return true if there is none behind {@code row}, one that has room on a page} */
    boolean isLast(MappingRow row) {
        return row.tuple().equals(rows.lastKey());
    }
}
