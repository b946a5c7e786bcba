package io.portreeve.pcp;

import java.nio.charset.StandardCharsets;

/** Sizes of text on the wire. */
final class Utf8 {
    private Utf8() {}

    static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** {@return the longest beginning of {@code text} that has {@code octets} at most, no character cut in two} */
    static String cut(String text, int octets) {
        int size = 0;
        int end = 0;
        while (end < text.length()) {
            int next = text.offsetByCodePoints(end, 1);
            size += size(text.substring(end, next));
            if (size > octets) {
                break;
            }
            end = next;
        }
        return text.substring(0, end);
    }
}
