package io.portreeve.server.channel;

import io.portreeve.server.cgn.SubscriberHandle;

/** What happens at the CGN's end. */
sealed interface ChannelEvent {

    /** A server said something. */
    record Said(Line from, String line) implements ChannelEvent {}

    /** A connection is over. */
    record Ended(Line line) implements ChannelEvent {}

    /** The CGN's administration deleted a subscriber. */
    record Deleted(SubscriberHandle subscriber) implements ChannelEvent {}
}
