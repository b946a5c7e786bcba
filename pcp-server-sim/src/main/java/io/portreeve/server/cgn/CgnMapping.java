package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;

/** An explicit dynamic mapping as the CGN is asked for it. Lifetimes are the PCP server's business. */
public record CgnMapping(SubscriberHandle subscriber, IpProtocol protocol, Endpoint internal, Endpoint external) {}
