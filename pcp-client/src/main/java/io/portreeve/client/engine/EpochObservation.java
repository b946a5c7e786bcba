package io.portreeve.client.engine;

/**
 * The Epoch Time of one response, and when it came. Source: RFC 6887 section 8.5.
 *
 * @param serverSeconds the Epoch Time field: seconds, 32 bits unsigned
 * @param clientSeconds the client's monotonic clock in whole seconds
 */
record EpochObservation(long serverSeconds, long clientSeconds) {

    /**
     * {@return true if {@code next} can follow this; false if the server may have lost its mappings}
     *
     * <p>Two seconds forgive the rounding of both clocks; one sixteenth forgives clocks that drift apart by 6.25%.
     */
    boolean admits(EpochObservation next) {
        if (next.serverSeconds + 1 < serverSeconds) {
            return false; // back by more than one second
        }
        long clientDelta = next.clientSeconds - clientSeconds;
        long serverDelta = next.serverSeconds - serverSeconds;
        return clientDelta + 2 >= serverDelta - serverDelta / 16 && serverDelta + 2 >= clientDelta - clientDelta / 16;
    }
}
