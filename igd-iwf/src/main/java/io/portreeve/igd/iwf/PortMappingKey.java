package io.portreeve.igd.iwf;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.Comparator;
import java.util.Optional;

/**
 * What UPnP knows a port mapping by: its external side. PCP knows it by the internal one.
 *
 * @param remoteHost the only host that may use it; empty for any
 * @param externalPort 0..65535
 * @param protocol TCP or UDP
 */
public record PortMappingKey(Optional<PcpAddress> remoteHost, int externalPort, IpProtocol protocol) {

    /** Those of one port and protocol stand together, the one for any remote host first. */
    static final Comparator<PortMappingKey> BY_PORT = Comparator.comparingInt(PortMappingKey::externalPort)
            .thenComparingInt(key -> key.protocol().number())
            .thenComparing(key -> key.remoteHost().isPresent())
            .thenComparingLong(key -> key.remoteHost().map(PcpAddress::high).orElse(0L))
            .thenComparingLong(key -> key.remoteHost().map(PcpAddress::low).orElse(0L));

    PortMappingKey on(int port) {
        return new PortMappingKey(remoteHost, port, protocol);
    }

    boolean isOn(int port, IpProtocol ofProtocol) {
        return externalPort == port && protocol.equals(ofProtocol);
    }

    @Override
    public String toString() {
        return protocol + " " + externalPort
                + remoteHost.map(host -> " from " + host).orElse("");
    }
}
