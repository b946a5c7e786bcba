package io.portreeve.igd.report;

/** Text of strangers as a terminal may have it: on its line, and without a way to make another line look different. */
final class Printable {
    private Printable() {}

    /** {@return {@code text}, what would not be seen written as <code>\\u</code> with its number} */
    static String of(String text) {
        var printable = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (point == '\\') {
                printable.append("\\\\");
            } else if (isSeen(point)) {
                printable.appendCodePoint(point);
            } else {
                printable.append("\\u{%x}".formatted(point));
            }
        });
        return printable.toString();
    }

    private static boolean isSeen(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT, // turns the direction of writing
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
