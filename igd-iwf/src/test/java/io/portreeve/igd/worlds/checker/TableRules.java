package io.portreeve.igd.worlds.checker;

import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.worlds.InvariantBroken;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** What holds for the entries on a disk, whatever has happened. */
final class TableRules {
    private final int ofHost;
    private final int ofLan;
    private Map<PortMappingKey, Row> before = Map.of();

    /** @param ofHost entries of one host at most @param ofLan of all */
    TableRules(int ofHost, int ofLan) {
        this.ofHost = ofHost;
        this.ofLan = ofLan;
    }

    void check(List<Row> rows) {
        var ports = new HashSet<List<Object>>();

        var hosts = new HashMap<Object, Integer>();
        var now = new HashMap<PortMappingKey, Row>();
        for (var row : rows) {
            must("unique", ports.add(List.of(row.key().externalPort(), row.key().protocol())), row);

            must("quota", hosts.merge(row.internalClient(), 1, Integer::sum) <= ofHost, row);
            var other = before.get(row.key());
            must("foreign", other == null || other.internalClient().equals(row.internalClient()), row);
            now.put(row.key(), row);
        }
        must("quota", rows.size() <= ofLan, rows);
        before = now;
    }

    /** PCP knows one mapping for each; a row that could not be erased may still be there for a moment. */
    static void checkInside(List<Row> rows) {
        var inside = new HashSet<Object>();
        rows.forEach(row -> must("unique", inside.add(row.inside()), row));
    }

    private static void must(String invariant, boolean holds, Object what) {
        if (!holds) {
            throw new InvariantBroken(invariant, "stored: " + what);
        }
    }

    void clear() {
        before = Map.of();
    }
}
