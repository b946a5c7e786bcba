package io.portreeve.bench;

import java.util.List;
import java.util.Locale;

/** All measurements as a table of medians, and what was expected of them. */
final class Report {
    private static final String HEAD = """
            what             table      at  requests |  creates      p50      p99 |  deletes      p50      p99 |     times
                              size    once        /s |       /s       ms       ms |       /s       ms       ms | miniupnpd
            """;
    private static final String ROW = "%-14s %,7d %7d %,9.0f | %s | %s | %9s%s";
    private static final String FIGURE = "%,8.0f %8.3f %8.3f";

    private final Medians medians;

    Report(List<Measurement> all) {
        medians = new Medians(all);
    }

    String text() {
        var text = new StringBuilder(HEAD);
        medians.all().forEach(median -> text.append(row(median).stripTrailing()).append('\n'));
        return text.append("""

                Medians of %d rounds. Each caller opens a port and closes it again, over and over: "requests" are both together,
                "creates" and "deletes" what there would be of one kind alone. "times" compares requests at equal tables.

                """.formatted(medians.rounds()))
                .append(new Expectations(medians).text())
                .toString();
    }

    private String row(Measurement median) {
        var subject = median.subject();
        return format(
                ROW,
                subject.what(),
                subject.tableSize(),
                subject.callers(),
                median.requests(),
                figure(median.creates()),
                figure(median.deletes()),
                times(subject),
                median.failed() == 0 ? "" : "  " + median.failed() + " failed");
    }

    private String times(Subject subject) {
        if (!subject.what().equals(Subject.CHAIN)) {
            return "";
        }
        return medians.times(subject, subject.of(Subject.MINIUPNPD))
                .map(times -> format("%.1f", times))
                .orElse("-");
    }

    private static String figure(Figure figure) {
        return format(FIGURE, figure.perSecond(), figure.p50(), figure.p99());
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
