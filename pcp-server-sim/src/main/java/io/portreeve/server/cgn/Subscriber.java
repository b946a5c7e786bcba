package io.portreeve.server.cgn;

import io.portreeve.pcp.PcpAddress;

/**
 * A subscriber as the CGN knows it. One who has external addresses of both families is two of them.
 *
 * @param external the one address all its mappings have, stable as long as the subscriber exists (RFC 6888 REQ-2)
 */
public record Subscriber(SubscriberId id, SubscriberHandle handle, PcpAddress external) {}
