package io.portreeve.server.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/** What comes and goes in the table that {@code mappings} shows. */
final class WatchedTable {
    private static final int LEFT = 4;

    private final Function<String, String> keys;
    private final BinaryOperator<String> changes;
    private final int titles;

    /** Lines, by what of them says which mapping it is. */
    private Map<String, String> before = new LinkedHashMap<>();

    private WatchedTable(Function<String, String> keys, BinaryOperator<String> changes, int titles) {
        this.keys = keys;
        this.changes = changes;
        this.titles = titles;
    }

    /** {@return one that reads and writes a table for people} Below a line of titles. */
    static WatchedTable forPeople() {
        return new WatchedTable(WatchedTable::key, (sign, line) -> sign + " " + line, 1);
    }

    /** {@return one that reads and writes a JSON object for each mapping} */
    static WatchedTable forPrograms() {
        return new WatchedTable(
                line -> line.replaceFirst("\"left-seconds\":[^,]*,", ""),
                (sign, line) -> "{\"change\":\"" + sign + "\",\"mapping\":" + line + "}",
                0);
    }

    /** {@return a line for each mapping that was not there, with a +, and for each that has gone, with a -} */
    List<String> is(List<String> text) {
        var now = new LinkedHashMap<String, String>();
        text.stream().skip(titles).forEach(line -> now.put(keys.apply(line), line));
        var found = new ArrayList<String>();
        before.forEach((key, line) -> {
            if (!now.containsKey(key)) {
                found.add(changes.apply("-", line));
            }
        });
        now.forEach((key, line) -> {
            if (!before.containsKey(key)) {
                found.add(changes.apply("+", line));
            }
        });
        before = now;
        return found;
    }

    /** What is left of its lifetime is less each time. */
    private static String key(String line) {
        var cells = new ArrayList<>(List.of(line.split(" {2,}")));
        cells.remove(LEFT);
        return String.join("  ", cells);
    }
}
