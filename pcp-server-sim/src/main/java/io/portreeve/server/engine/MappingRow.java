package io.portreeve.server.engine;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.Endpoint;

/**
 * All of a mapping that must survive the server.
 *
 * @param clientPort where the last request for it was sent from
 * @param lifetime as last granted
 * @param expiry when that lifetime ends
 */
public record MappingRow(
        MappingKey key, MappingNonce nonce, Endpoint external, int clientPort, Lifetime lifetime, MonoTime expiry) {

    /** {@return what is left of the lifetime, in whole seconds rounded up, so that it is never told too short} */
    public Lifetime left(MonoTime now) {
        return Lifetime.of(now.until(expiry).plusNanos(999_999_999));
    }
}
