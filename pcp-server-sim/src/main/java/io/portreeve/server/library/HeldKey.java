package io.portreeve.server.library;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.server.cgn.Endpoint;
import java.util.Optional;

/**
 * Which mapping. Source: RFC 6887 sections 11.3, 12.3.
 *
 * @param peer of a mapping that PEER made; empty for one of MAP
 */
record HeldKey(Scope scope, IpProtocol protocol, Endpoint internal, Optional<Endpoint> peer) {

    HeldKey(Scope scope, IpProtocol protocol, Endpoint internal) {
        this(scope, protocol, internal, Optional.empty());
    }
}
