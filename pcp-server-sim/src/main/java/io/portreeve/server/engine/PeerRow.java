package io.portreeve.server.engine;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.Endpoint;

/**
 * What was promised to a PEER request. The mapping itself is the CGN's, like those it makes by traffic.
 *
 * @param lifetime as last granted
 * @param expiry when that lifetime ends, and the mapping is one like any other
 */
public record PeerRow(PeerKey key, MappingNonce nonce, Endpoint external, Lifetime lifetime, MonoTime expiry) {

    /** {@return what is promised to {@code asked}} */
    static PeerRow until(MonoTime expiry, PeerAsked asked, Endpoint external, MonoTime now) {
        return new PeerRow(asked.key(), asked.peer().nonce(), external, left(expiry, now), expiry);
    }

    /** {@return whose external address it has} */
    SubscriberKey owner() {
        return SubscriberKey.of(key.subscriber(), external.address());
    }

    Lifetime left(MonoTime now) {
        return left(expiry, now);
    }

    /** In whole seconds rounded up; what was rounded is told, and not promised. */
    private static Lifetime left(MonoTime expiry, MonoTime now) {
        return Lifetime.of(now.until(expiry).plusNanos(999_999_999));
    }
}
