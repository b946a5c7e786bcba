package io.portreeve.server.engine;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;

/**
 * An external port whose mapping has ended, and that nobody else gets for a while: packets for the old host are still on
 * their way. Its subscriber may have it back at once. Source: RFC 6887 section 15, RFC 6888 REQ-8.
 *
 * @param key of the port within the mapping that has ended
 * @param until when anybody may have it
 */
public record HeldPort(MappingKey key, Endpoint external, MonoTime until) {

    public IpProtocol protocol() {
        return key.protocol();
    }

    public SubscriberId subscriber() {
        return key.subscriber();
    }
}
