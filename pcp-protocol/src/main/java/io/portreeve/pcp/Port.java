package io.portreeve.pcp;

/** Port numbers, as 16 bits without sign. */
public final class Port {
    private Port() {}

    /** @throws IllegalArgumentException naming {@code what} if {@code port} has more than 16 bits or a sign */
    public static void check(String what, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(what + ": " + port + " (expected: 0..65535)");
        }
    }
}
