package io.portreeve.check;

import java.util.Set;
import java.util.TreeSet;

/** Two places that must know the same, each line written alike. */
record Comparison(String what, String first, Set<String> inFirst, String second, Set<String> inSecond) {

    boolean isEqual() {
        return inFirst.equals(inSecond);
    }

    /** {@return a line if they agree, else one more for each difference} */
    String text() {
        if (isEqual()) {
            return "equal      %d %s: %s, %s%n".formatted(inFirst.size(), what, first, second);
        }
        var text = new StringBuilder("DIFFERENT  %s: %s, %s%n".formatted(what, first, second));
        append(text, first, inFirst, inSecond);
        append(text, second, inSecond, inFirst);
        return text.toString();
    }

    private static void append(StringBuilder text, String where, Set<String> in, Set<String> notIn) {
        var only = new TreeSet<>(in);
        only.removeAll(notIn);
        only.forEach(line -> text.append("           only in %s: %s%n".formatted(where, line)));
    }
}
