package io.portreeve.bench.gateway;

import java.util.Locale;

/** What a figure aims at. */
sealed interface Goal {

    /** There is none: the figure explains another one. */
    record None() implements Goal {}

    /**
     * A rate that is to be large beside that of an HTTP server which does nothing.
     *
     * @param empty the rate of that one
     */
    record ShareOfEmpty(double empty, double aim) implements Goal {}

    /** @param limit what must not be exceeded: the aim itself, or more */
    record AtMost(double aim, double limit) implements Goal {}

    /** {@return the aim, and whether {@code figure} reaches it} */
    default String verdict(double figure) {
        return switch (this) {
            case None() -> "";
            case ShareOfEmpty(double empty, double aim) ->
                String.format(Locale.ROOT, "aim %.2f of it: %s", aim, figure >= aim * empty ? "reached" : "below");
            case AtMost(double aim, double limit) -> {
                var limited = limit > aim ? String.format(Locale.ROOT, ", limit %,.0f", limit) : "";
                yield String.format(Locale.ROOT, "aim %,.0f%s: %s", aim, limited, against(figure, aim, limit));
            }
        };
    }

    private static String against(double figure, double aim, double limit) {
        if (figure <= aim) {
            return "reached";
        }
        return figure <= limit ? "within the limit" : "above";
    }
}
