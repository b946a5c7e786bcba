package io.portreeve.server.engine;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.Endpoint;

/**
 * A mapping to show to people.
 *
 * @param left what is left of its lifetime
 * @param askedBy where the last request for it was sent from
 */
public record MappingView(IpProtocol protocol, Endpoint internal, Endpoint external, Lifetime left, Endpoint askedBy) {

    static MappingView of(MappingRow row, MonoTime now) {
        var key = row.key();
        return new MappingView(key.protocol(), key.internal(), row.external(), row.left(now), row.client());
    }
}
