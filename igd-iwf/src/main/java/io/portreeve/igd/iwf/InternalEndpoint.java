package io.portreeve.igd.iwf;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;

/** What a port is opened for. @param port of the host, 1..65535 */
record InternalEndpoint(PcpAddress host, IpProtocol protocol, int port) {

    static InternalEndpoint of(PortMapping mapping) {
        return new InternalEndpoint(mapping.internalClient(), mapping.key().protocol(), mapping.internalPort());
    }
}
