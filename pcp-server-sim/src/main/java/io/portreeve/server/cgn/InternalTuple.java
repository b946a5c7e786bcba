package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;

/** What a mapping is made for. Two subscribers may have hosts of the same address. */
record InternalTuple(SubscriberHandle subscriber, IpProtocol protocol, Endpoint internal) {
    static InternalTuple of(CgnMapping mapping) {
        return new InternalTuple(mapping.subscriber(), mapping.protocol(), mapping.internal());
    }
}
