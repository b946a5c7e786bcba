package io.portreeve.igd.iwf;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/**
 * What UPnP knows a port mapping by: its external side. PCP knows it by the internal one.
 *
 * @param remoteHost the only host that may use it; empty for any
 * @param externalPort 0..65535
 * @param protocol TCP or UDP
 */
public record PortMappingKey(Optional<PcpAddress> remoteHost, int externalPort, IpProtocol protocol) {

    @Override
    public String toString() {
        return protocol + " " + externalPort
                + remoteHost.map(host -> " from " + host).orElse("");
    }
}
