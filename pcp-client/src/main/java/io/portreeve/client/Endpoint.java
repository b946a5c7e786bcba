package io.portreeve.client;

import io.portreeve.pcp.PcpAddress;

/** @param port 1..65535 */
public record Endpoint(PcpAddress address, int port) {

    @Override
    public String toString() {
        return address.toUrlHost() + ":" + port;
    }
}
