package io.portreeve.pcp;

/** Port numbers, as 16 bits without sign. */
final class Port {
    private Port() {}

    static void check(String what, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(what + ": " + port + " (expected: 0..65535)");
        }
    }
}
