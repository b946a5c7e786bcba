package io.portreeve.server.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What comes and goes in the table that {@code mappings} shows. */
final class WatchedTable {
    private static final int LEFT = 4;

    /** Lines, by what of them says which mapping it is. */
    private Map<List<String>, String> before = new LinkedHashMap<>();

    /** {@return a line for each mapping that was not there, with a +, and for each that has gone, with a -} */
    List<String> is(List<String> text) {
        var now = new LinkedHashMap<List<String>, String>();
        text.stream().skip(1).forEach(line -> now.put(key(line), line));
        var changes = new ArrayList<String>();
        before.forEach((key, line) -> {
            if (!now.containsKey(key)) {
                changes.add("- " + line);
            }
        });
        now.forEach((key, line) -> {
            if (!before.containsKey(key)) {
                changes.add("+ " + line);
            }
        });
        before = now;
        return changes;
    }

    /** What is left of its lifetime is less each time. */
    private static List<String> key(String line) {
        var cells = new ArrayList<>(List.of(line.split(" {2,}")));
        cells.remove(LEFT);
        return cells;
    }
}
