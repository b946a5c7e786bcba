package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;

/** What a mapping is made for. Two subscribers may have hosts of the same address. */
public record InternalTuple(SubscriberHandle subscriber, IpProtocol protocol, Endpoint internal) {
    public static InternalTuple of(CgnMapping mapping) {
        return new InternalTuple(mapping.subscriber(), mapping.protocol(), mapping.internal());
    }

    CgnMapping to(Endpoint external) {
        return new CgnMapping(subscriber, protocol, internal, external);
    }
}
