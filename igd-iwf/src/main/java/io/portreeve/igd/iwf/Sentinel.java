package io.portreeve.igd.iwf;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingRequest;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/**
 * The one mapping of an idle gateway: by it the external address is known before a control point asks, because several ask for
 * nothing while there is none. It leads to the gateway's own discard port. Source: RFC 6970 section 4.2, RFC 6887 section 11.6.
 */
final class Sentinel {
    private static final int DISCARD_PORT = 9;
    static final MappingKey KEY = new MappingKey(Optional.empty(), IpProtocol.UDP, DISCARD_PORT, PcpAddress.ANY_IPV4);

    private Sentinel() {}

    static MappingRequest request(Lifetime lifetime) {
        return new MappingRequest(KEY, PortMapping.OWNER, new ExternalChoice.Any(), lifetime);
    }
}
