package io.portreeve.server.cgn;

import io.portreeve.pcp.PcpAddress;

/**
 * One end of a mapping, or where a request came from.
 *
 * @param port 0..65535
 */
public record Endpoint(PcpAddress address, int port) {

    /** {@return the address and the port as people write them, with brackets around IPv6} */
    @Override
    public String toString() {
        return address.toUrlHost() + ":" + port;
    }
}
