package io.portreeve.server.engine;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;

/** What makes two PEER requests speak of the same flow. Source: RFC 6887 section 12.3. */
public record PeerKey(SubscriberId subscriber, IpProtocol protocol, Endpoint internal, Endpoint remote)
        implements Key {}
