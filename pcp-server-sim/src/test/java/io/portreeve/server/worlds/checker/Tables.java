package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.InvariantBroken;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/** What the CGN and the disk have, each by itself and beside each other. */
final class Tables {
    private final Dumps dumps;
    private final FilterWatch filters;

    Tables(Dumps dumps, FilterWatch filters) {
        this.dumps = dumps;
        this.filters = filters;
    }

    /** No external endpoint is to be {@code row}'s and another's. */
    void areUniqueWith(CgnRow row) {
        for (var other : dumps.cgn()) {
            boolean isTwin = other.external().equals(row.external())
                    && other.who().protocol().equals(row.who().protocol());
            if (isTwin && !other.who().equals(row.who())) {
                throw new InvariantBroken("I1", row + " is wanted, and in force is " + other);
            }
        }
    }

    void areUnique() {
        var seen = new HashMap<List<Object>, CgnRow>();
        for (var row : dumps.cgn()) {
            var twin = seen.put(List.of(row.who().protocol(), row.external()), row);
            if (twin != null && !twin.equals(row)) {
                throw new InvariantBroken("I1", "in force are both " + twin + " and " + row);
            }
        }
    }

    void agree() {
        var onDisk = new HashSet<CgnRow>();
        dumps.disk().values().forEach(row -> onDisk.add(new CgnRow(row.who(), row.external())));
        var inForce = new HashSet<>(dumps.cgn());
        if (!onDisk.equals(inForce)) {
            throw new InvariantBroken("I3", "on the disk is " + onDisk + ", in force is " + inForce);
        }
        dumps.disk().values().forEach(filters::check);
    }

    void haveForgotten(Collection<PcpAddress> deleted) {
        for (var subscriber : deleted) {
            if (dumps.subscribers().containsKey(subscriber)) {
                throw new InvariantBroken("I3", "deleted, and still on the disk: subscriber " + subscriber);
            }
        }
    }
}
