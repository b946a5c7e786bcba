package io.portreeve.client.engine;

/**
 * The clock of a NAT-PMP server in one response, and when it came. Source: RFC 6886 section 3.6.
 *
 * @param serverSeconds the "seconds since start of epoch" field, 32 bits unsigned
 * @param clientSeconds the client's monotonic clock in whole seconds
 */
record NatPmpEpoch(long serverSeconds, long clientSeconds) {

    /**
     * {@return true if {@code next} can follow this; false if the server has lost its mappings}
     *
     * <p>Its clock may be an eighth slow, and two seconds; how fast it is, does not matter.
     */
    boolean admits(NatPmpEpoch next) {
        long elapsed = next.clientSeconds - clientSeconds;
        return 8 * (next.serverSeconds - serverSeconds + 2) >= 7 * elapsed;
    }
}
