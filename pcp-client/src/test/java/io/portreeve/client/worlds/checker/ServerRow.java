package io.portreeve.client.worlds.checker;

import io.portreeve.client.Endpoint;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;

/**
 * A mapping in force at the server.
 *
 * @param expiry in the world's time
 */
public record ServerRow(
        IpProtocol protocol, Endpoint internal, Endpoint external, MappingNonce nonce, MonoTime expiry) {}
