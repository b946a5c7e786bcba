package io.portreeve.server;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.LocalCgn;
import io.portreeve.server.engine.MappingView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The CGN's table for people, with what only the server knows of each line: its lifetime, and who asked. */
final class MappingsText {
    private static final List<String> TITLES =
            List.of("SUBSCRIBER", "PROTOCOL", "INTERNAL", "EXTERNAL", "LEFT", "ASKED BY");

    private record External(IpProtocol protocol, Endpoint endpoint) {}

    private MappingsText() {}

    static String of(List<LocalCgn.Entry> table, List<MappingView> views) {
        if (table.isEmpty()) {
            return "no mappings\n";
        }
        Map<External, MappingView> byExternal = new HashMap<>();
        views.forEach(view -> byExternal.put(new External(view.protocol(), view.external()), view));
        var lines = new ArrayList<List<String>>();
        lines.add(TITLES);
        for (var entry : table) {
            var mapping = entry.mapping();
            lines.add(line(entry, byExternal.get(new External(mapping.protocol(), mapping.external()))));
        }
        return aligned(lines);
    }

    /** A line the server knows nothing of is being made or deleted just now. */
    private static List<String> line(LocalCgn.Entry entry, MappingView view) {
        var mapping = entry.mapping();
        return List.of(
                entry.subscriber().toString(),
                mapping.protocol().toString(),
                mapping.internal().toString(),
                mapping.external().toString(),
                view == null ? "-" : view.left().toString(),
                view == null ? "-" : view.askedBy().toString());
    }

    private static String aligned(List<List<String>> lines) {
        var widths = new int[TITLES.size()];
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
