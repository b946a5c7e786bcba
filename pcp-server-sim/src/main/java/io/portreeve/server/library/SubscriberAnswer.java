package io.portreeve.server.library;

import io.portreeve.pcp.EpochTime;

/**
 * What {@link PcpMethods#getSubscriber} says.
 *
 * @param epoch seconds since this subscriber's mappings were last lost; errors too are answered with it
 */
public record SubscriberAnswer(ReturnCode code, EpochTime epoch) {

    /** {@return a subscriber that may ask} */
    public static SubscriberAnswer ok(EpochTime epoch) {
        return new SubscriberAnswer(ReturnCode.OK, epoch);
    }
}
