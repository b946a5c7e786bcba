package io.portreeve.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A table for people: a line of titles, and columns as wide as they have to be. */
final class Columns {
    private Columns() {}

    /**
     * {@return the rows below their titles}
     *
     * @param none what is said if there are no rows
     * @param rows all with the same keys, in the same order
     */
    static String text(String none, List<? extends Map<String, ?>> rows) {
        if (rows.isEmpty()) {
            return none + "\n";
        }
        var lines = new ArrayList<List<String>>();
        lines.add(rows.getFirst().keySet().stream()
                .map(title -> title.replace('-', ' ').toUpperCase(Locale.ROOT))
                .toList());
        rows.forEach(row -> lines.add(row.values().stream().map(String::valueOf).toList()));
        return aligned(lines);
    }

    private static String aligned(List<List<String>> lines) {
        var widths = new int[lines.getFirst().size()];
        for (var line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        var text = new StringBuilder();
        for (var line : lines) {
            var padded = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                padded.append(line.get(i)).repeat(' ', widths[i] - line.get(i).length() + 2);
            }
            text.append(padded.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
