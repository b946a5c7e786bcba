package io.portreeve.server.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The figures as a table. */
public record Report(Plan plan, Map<Kind, Figure> figures) {
    private static final String HEAD = """
            what         requests/s  of echo   p50 ms   p99 ms  lost
            """;
    private static final String ROW = "%-12s %,10.0f %8.3f %8.3f %8.3f %,5d%n";

    public Report {
        figures = Map.copyOf(figures);
    }

    /** {@return them for programs, by what was asked} */
    public Map<String, Object> values() {
        var values = new LinkedHashMap<String, Object>();
        for (var kind : Kind.values()) {
            values.put(kind.title(), figures.get(kind).values());
        }
        return values;
    }

    public String text() {
        var text = new StringBuilder(HEAD);
        double limit = figures.get(Kind.ECHO).perSecond();
        for (var kind : Kind.values()) {
            var figure = figures.get(kind);
            text.append(String.format(
                    Locale.ROOT,
                    ROW,
                    kind.title(),
                    figure.perSecond(),
                    figure.perSecond() / limit,
                    figure.p50(),
                    figure.p99(),
                    figure.lost()));
        }
        return text.append("medians of %d rounds of %d ms for each kind, %d requests outstanding%n"
                        .formatted(plan.rounds(), plan.time().toMillis(), plan.outstanding()))
                .toString();
    }
}
