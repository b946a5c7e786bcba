package io.portreeve.server.engine;

import io.portreeve.server.cgn.SubscriberId;

/** What one piece of work at a time may be under way for. */
sealed interface Key permits MappingKey, PeerKey, SubscriberKey {
    SubscriberId subscriber();

    /** {@return true if it needs this subscriber to be there} What is asked by PEER may be of either family. */
    default boolean isOf(SubscriberKey other) {
        return switch (this) {
            case MappingKey key -> key.owner().equals(other);
            case SubscriberKey key -> key.equals(other);
            case PeerKey key -> key.subscriber().equals(other.subscriber());
        };
    }
}
