package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;

/** What a packet from the internet is sent to: one mapping of a CGN has it. */
record ExternalTuple(IpProtocol protocol, Endpoint external) {
    static ExternalTuple of(CgnMapping mapping) {
        return new ExternalTuple(mapping.protocol(), mapping.external());
    }
}
