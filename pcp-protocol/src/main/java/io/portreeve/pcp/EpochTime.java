package io.portreeve.pcp;

/**
 * The server's Epoch Time: seconds since its mapping state was last lost. Source: RFC 6887 section 8.5.
 *
 * @param seconds unsigned 32 bits as on the wire
 */
public record EpochTime(long seconds) {

    public EpochTime {
        if (seconds < 0 || seconds > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("epoch time: " + seconds + " s (expected: 0..4294967295)");
        }
    }

    @Override
    public String toString() {
        return seconds + " s";
    }
}
