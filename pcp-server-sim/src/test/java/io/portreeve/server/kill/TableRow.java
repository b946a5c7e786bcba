package io.portreeve.server.kill;

/** A line of the CGN's table. */
record TableRow(Internal internal, String external, long left) {

    /** What names a mapping: {@code UDP} and {@code 127.0.0.2:1001}. */
    record Internal(String protocol, String endpoint) {}

    static TableRow of(String line) {
        var cells = line.split("\\s{2,}");
        return new TableRow(
                new Internal(cells[1], cells[2]),
                cells[1] + " " + cells[3],
                Long.parseLong(cells[4].replaceFirst(" s$", "")));
    }
}
