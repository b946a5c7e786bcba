package io.portreeve.bench.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All figures, as a text. */
final class GatewayTable {
    private static final String ROW = "%-46s %9s %9s %6s %11s %6s  %s";
    private static final String HEAD = line("", "portreeve", "miniupnpd", "times", "empty Jetty", "of it", "");
    private static final String FOOT = """

            Every request has a connection of its own. The empty Jetty answers each with as many octets as portreeve, and runs
            with the flags of portreeve's Java. miniupnpd opens ports of its own machine alone, portreeve those of the provider too.
            An attack: 500 requests begun and never ended, from 5 hosts, each begun again within a second where it is cut off;
            1,000 M-SEARCH/s; 10,000 datagrams of garbage a second on port 1900, and as many on 5351.
            """;

    private final List<Row> rows = new ArrayList<>();

    private record Row(String what, double ours, double theirs, Goal goal) {

        String text() {
            return line(
                    what,
                    number(ours),
                    number(theirs),
                    ratio(ours, theirs),
                    goal instanceof Goal.ShareOfEmpty share ? number(share.empty()) : "",
                    goal instanceof Goal.ShareOfEmpty share ? ratio(ours, share.empty()) : "",
                    goal.verdict(ours));
        }
    }

    void add(String what, double ours, double theirs, Goal goal) {
        rows.add(new Row(what, ours, theirs, goal));
    }

    String text() {
        var text = new StringBuilder(HEAD);
        rows.forEach(row -> text.append(row.text()));
        return text.append(FOOT).toString();
    }

    private static String line(Object... columns) {
        return String.format(Locale.ROOT, ROW, columns).stripTrailing() + "\n";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 || value == Math.rint(value) ? "%,.0f" : "%.1f", value);
    }

    private static String ratio(double one, double other) {
        return other == 0 ? "-" : String.format(Locale.ROOT, "%.2f", one / other);
    }
}
