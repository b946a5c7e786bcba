package io.portreeve.igd.limits;

/** So many a second on average, so many at once; both 1 or more. */
public record Rate(int perSecond, int atOnce) {
    public static final Rate UNLIMITED = new Rate(Integer.MAX_VALUE, Integer.MAX_VALUE);

    public Rate {
        if (perSecond < 1 || atOnce < 1) {
            throw new IllegalArgumentException(
                    "rate: " + perSecond + " a second, " + atOnce + " at once (expected: 1 or more of both)");
        }
    }
}
