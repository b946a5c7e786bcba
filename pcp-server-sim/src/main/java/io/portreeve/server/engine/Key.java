package io.portreeve.server.engine;

import io.portreeve.server.cgn.SubscriberId;

/** What one piece of work at a time may be under way for. */
sealed interface Key permits MappingKey, PeerKey, NatPmp.AddressKey {
    SubscriberId subscriber();
}
