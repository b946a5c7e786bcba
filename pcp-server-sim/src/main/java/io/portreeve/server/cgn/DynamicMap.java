package io.portreeve.server.cgn;

import io.portreeve.pcp.Lifetime;

/**
 * An outbound mapping to one peer.
 *
 * @param external the port is the CGN's own choice
 * @param lifetime how long it lives without traffic
 */
public record DynamicMap(Endpoint external, Lifetime lifetime) {}
