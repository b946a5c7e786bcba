package io.portreeve.igd.report;

import io.portreeve.igd.iwf.IgdReply.Entry;
import io.portreeve.json.Json;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The port mappings, one line each. */
public final class EntryReport {
    private static final List<String> HEADS =
            List.of("PROTOCOL", "EXTERNAL", "INTERNAL", "LEASE LEFT", "REMOTE HOST", "DESCRIPTION");
    private static final String GAP = "  ";

    private EntryReport() {}

    /** {@return a table for people} Its last column is text of strangers. */
    public static String text(List<Entry> entries) {
        if (entries.isEmpty()) {
            return "there are no port mappings\n";
        }
        var rows = new ArrayList<List<String>>();
        rows.add(HEADS);
        entries.forEach(entry -> rows.add(cells(entry)));
        var table = new StringBuilder();
        for (var row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < HEADS.size() - 1; column++) {
                line.append(padded(row.get(column), width(rows, column))).append(GAP);
            }
            table.append(line.append(row.getLast()).toString().stripTrailing()).append('\n');
        }
        return table.toString();
    }

    private static List<String> cells(Entry entry) {
        return List.of(
                entry.key().protocol().toString(),
                "" + entry.key().externalPort(),
                entry.internalClient() + ":" + entry.internalPort(),
                entry.leaseSeconds() == 0 ? "for ever" : Words.of(Duration.ofSeconds(entry.leaseSeconds())),
                entry.key().remoteHost().map(PcpAddress::toString).orElse("any"),
                Printable.of(entry.description()));
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow();
    }

    private static String padded(String cell, int width) {
        return cell + " ".repeat(width - cell.length());
    }

    /** {@return an array of objects} A lease of {@code null} is for ever, a remote host of {@code null} is any. */
    public static String json(List<Entry> entries) {
        return Json.of(entries.stream().map(EntryReport::members).toList()) + "\n";
    }

    private static Map<String, Object> members(Entry entry) {
        var members = new LinkedHashMap<String, Object>();
        members.put("protocol", entry.key().protocol());
        members.put("externalPort", entry.key().externalPort());
        members.put("internalClient", entry.internalClient());
        members.put("internalPort", entry.internalPort());
        members.put("leaseSeconds", Optional.of(entry.leaseSeconds()).filter(left -> left != 0));
        members.put("remoteHost", entry.key().remoteHost());
        members.put("description", entry.description());
        return members;
    }
}
