package io.portreeve.server.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How fast one kind of requests was answered.
 *
 * @param p50 in milliseconds
 * @param p99 in milliseconds
 * @param lost requests that had to be sent again
 */
record Figure(int answered, double perSecond, double p50, double p99, int lost) {

    /** {@return it for programs} */
    Map<String, Object> values() {
        var values = new LinkedHashMap<String, Object>();
        values.put("answered", answered);
        values.put("per-second", perSecond);
        values.put("p50-ms", p50);
        values.put("p99-ms", p99);
        values.put("lost", lost);
        return values;
    }

    /** {@return the median of each, and the sum of what was answered and lost} */
    static Figure median(List<Figure> rounds) {
        return new Figure(
                rounds.stream().mapToInt(Figure::answered).sum(),
                median(rounds, Figure::perSecond),
                median(rounds, Figure::p50),
                median(rounds, Figure::p99),
                rounds.stream().mapToInt(Figure::lost).sum());
    }

    /** Of an even number the lower one of the middle. */
    private static double median(List<Figure> rounds, ToDoubleFunction<Figure> value) {
        var sorted = rounds.stream().mapToDouble(value).sorted().toArray();
        return sorted[(sorted.length - 1) / 2];
    }
}
