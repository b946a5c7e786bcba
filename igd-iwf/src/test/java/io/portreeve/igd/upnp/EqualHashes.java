package io.portreeve.igd.upnp;

import java.util.List;
import java.util.stream.IntStream;

/** Different texts whose hashCode is one number, as attackers choose them. */
public final class EqualHashes {
    private static final int BITS = 14;

    private EqualHashes() {}

    /** {@return {@code count} of them, 28 letters each, up to 16,384} */
    public static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(EqualHashes::text).toList();
    }

    private static String text(int number) {
        var text = new StringBuilder();
        for (int bit = 0; bit < BITS; bit++) {
            text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString();
    }
}
