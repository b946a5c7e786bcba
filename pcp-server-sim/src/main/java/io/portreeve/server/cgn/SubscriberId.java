package io.portreeve.server.cgn;

import io.portreeve.pcp.PcpAddress;

/**
 * How a subscriber is known to server and CGN: by the address its packets come from, never by what they say.
 * Source: RFC 6887 section 17.1.
 */
public record SubscriberId(PcpAddress address) {

    @Override
    public String toString() {
        return address.toString();
    }
}
