package io.portreeve.igd.worlds.checker;

import io.portreeve.client.MappingKey;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.worlds.InvariantBroken;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** While a range is being deleted, its owner sees all of it or nothing. */
final class RangeWatch {
    private final Map<Asked, List<Promise>> open = new LinkedHashMap<>();

    void begins(Asked range, Collection<Promise> promises) {
        open.put(
                range, new ArrayList<>(promises.stream().filter(range::concerns).toList()));
    }

    /** What {@code other} is about may come or go at any time now. */
    void calls(Asked other) {
        open.forEach((range, all) -> all.removeIf(other::concerns));
    }

    /** @param rows that are stored when {@code range} is told to be deleted */
    void deleted(Asked range, List<Row> rows) {
        var all = open.getOrDefault(range, List.of());
        for (var row : rows) {
            if (all.stream().anyMatch(promise -> promise.isKeptBy(row))) {
                throw new InvariantBroken("deleted", row + " is still stored");
            }
        }
    }

    void replied(Asked range) {
        open.remove(range);
    }

    /** The provider serves {@code inside} no more. */
    void lost(MappingKey inside) {
        open.values()
                .forEach(all -> all.removeIf(promise -> promise.row().inside().equals(inside)));
    }

    /** A host lists everything that it has. What may end by itself does not count. */
    void lists(Asked list, IgdReply reply) {
        var seen = reply instanceof IgdReply.Listing(var entries, var _)
                ? entries.stream().map(IgdReply.Entry::key).collect(Collectors.toSet())
                : Set.<PortMappingKey>of();
        open.forEach((range, all) -> {
            var keys = all.stream()
                    .filter(promise -> list.at().isBefore(promise.earliest()) && !list.isHidden(promise))
                    .map(Promise::key)
                    .toList();
            var visible = keys.stream().filter(seen::contains).toList();
            if (range.host().equals(list.host()) && !visible.isEmpty() && visible.size() < keys.size()) {
                throw new InvariantBroken("range", "of " + keys + " only " + visible + " are to be seen");
            }
        });
    }

    void clear() {
        open.clear();
    }
}
