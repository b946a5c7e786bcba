package io.portreeve.server.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a large table costs.
 *
 * @param parts of the table in the order they were made, of the same size each
 * @param heap octets that the whole process needs when the table is full, those of the load generator and the CGN included
 * @param heapLimit octets that it may have
 * @param restored mappings that the server had when it had started again
 * @param restart seconds until the sample of the mappings was renewed with the right ports
 */
public record TableReport(TablePlan plan, List<Part> parts, long heap, long heapLimit, int restored, double restart) {
    private static final double MIB = 1 << 20;
    private static final String ROW = "%3d %% to %3d %% %,12.0f %8.3f %8.3f %,5d%n";

    /** @param perSecond mappings made, new sockets for new subscribers included */
    public record Part(double perSecond, Figure figure) {}

    public TableReport {
        parts = List.copyOf(parts);
    }

    /** {@return it for programs} */
    public Map<String, Object> values() {
        var values = new LinkedHashMap<String, Object>();
        values.put("mappings", plan.mappings());
        values.put("parts", parts.stream().map(TableReport::values).toList());
        values.put("heap-octets", heap);
        values.put("heap-limit-octets", heapLimit);
        values.put("restored", restored);
        values.put("restart-seconds", restart);
        return values;
    }

    /** New sockets are counted where the mappings a second are. */
    private static Map<String, Object> values(Part part) {
        var values = part.figure().values();
        values.put("per-second", part.perSecond());
        return values;
    }

    public String text() {
        var text = new StringBuilder("table           mappings/s   p50 ms   p99 ms  lost\n");
        for (int i = 0; i < parts.size(); i++) {
            var figure = parts.get(i).figure();
            int share = 100 / parts.size();
            text.append(String.format(
                    Locale.ROOT,
                    ROW,
                    i * share,
                    (i + 1) * share,
                    parts.get(i).perSecond(),
                    figure.p50(),
                    figure.p99(),
                    figure.lost()));
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "%,d mappings of %,d subscribers are %.1f %% of the pool, and take %.0f MiB of %.0f MiB heap%n",
                        plan.mappings(),
                        plan.subscribers(),
                        100 * plan.poolUse(),
                        heap / MIB,
                        heapLimit / MIB))
                .append(String.format(Locale.ROOT, "started again with %,d mappings in %.1f s%n", restored, restart))
                .toString();
    }
}
