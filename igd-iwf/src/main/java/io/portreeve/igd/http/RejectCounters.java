package io.portreeve.igd.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** How often the LAN's HTTP turned somebody away, and why. Any thread may count and read. */
final class RejectCounters {
    private final AtomicLongArray counts = new AtomicLongArray(RejectReason.values().length);

    void count(RejectReason reason) {
        counts.incrementAndGet(reason.ordinal());
    }

    long of(RejectReason reason) {
        return counts.get(reason.ordinal());
    }

    /** {@return all counts, zeros included} */
    Map<RejectReason, Long> all() {
        var all = new EnumMap<RejectReason, Long>(RejectReason.class);
        for (var reason : RejectReason.values()) {
            all.put(reason, of(reason));
        }
        return all;
    }
}
