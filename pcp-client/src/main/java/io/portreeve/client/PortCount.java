package io.portreeve.client;

/** How many ports, from the internal one on. */
public sealed interface PortCount {

    record One() implements PortCount {}

    /**
     * As many of these as the server can give, one at least. RFC 7753.
     *
     * @param size 2..65535
     * @param parity the external ports are to begin as even or odd as the internal ones
     */
    record Several(int size, boolean parity) implements PortCount {
        public Several {
            if (size < 2 || size > 65_535) {
                throw new IllegalArgumentException("ports: " + size + " (expected: 2..65535)");
            }
        }
    }

    /** This one and the next, parity kept, for RTP and RTCP: PORT_RESERVATION. */
    record Pair() implements PortCount {}

    default int size() {
        return switch (this) {
            case One() -> 1;
            case Several(int size, var _) -> size;
            case Pair() -> 2;
        };
    }
}
