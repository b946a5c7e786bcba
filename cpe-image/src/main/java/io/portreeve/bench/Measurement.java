package io.portreeve.bench;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What one measurement found.
 *
 * @param requests per second, creates and deletes together
 * @param failed calls that were refused or not answered; they count nowhere else
 */
public record Measurement(Subject subject, double requests, Figure creates, Figure deletes, int failed) {
    private static final String SEPARATOR = "\t";

    /** {@return the median of each figure, and all failures} */
    public static Measurement median(Collection<Measurement> rounds) {
        return new Measurement(
                rounds.iterator().next().subject(),
                median(rounds, Measurement::requests),
                median(rounds.stream().map(Measurement::creates).toList()),
                median(rounds.stream().map(Measurement::deletes).toList()),
                rounds.stream().mapToInt(Measurement::failed).sum());
    }

    private static Figure median(List<Figure> rounds) {
        return new Figure(median(rounds, Figure::perSecond), median(rounds, Figure::p50), median(rounds, Figure::p99));
    }

    public static <T> double median(Collection<T> rounds, ToDoubleFunction<T> figure) {
        var sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** {@return one line, which {@link #parse} reads} */
    String line() {
        return String.format(
                Locale.ROOT,
                String.join(SEPARATOR, "%s", "%d", "%d", "%f", "%f", "%f", "%f", "%f", "%f", "%f", "%d"),
                subject.what(),
                subject.tableSize(),
                subject.callers(),
                requests,
                creates.perSecond(),
                creates.p50(),
                creates.p99(),
                deletes.perSecond(),
                deletes.p50(),
                deletes.p99(),
                failed);
    }

    static Measurement parse(String line) {
        var words = line.split(SEPARATOR);
        return new Measurement(
                new Subject(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2])),
                Double.parseDouble(words[3]),
                figure(words, 4),
                figure(words, 7),
                Integer.parseInt(words[10]));
    }

    private static Figure figure(String[] words, int first) {
        return new Figure(
                Double.parseDouble(words[first]),
                Double.parseDouble(words[first + 1]),
                Double.parseDouble(words[first + 2]));
    }
}
