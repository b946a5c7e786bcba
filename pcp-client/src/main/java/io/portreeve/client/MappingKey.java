package io.portreeve.client;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/**
 * What PCP knows a mapping by: its internal side, and the family of its external one. Source: RFC 6887 section 11.3, erratum 3621.
 *
 * @param thirdParty the host the mapping leads to; empty for this machine itself
 * @param internalPort 1..65535
 * @param externalFamily {@link PcpAddress#ANY_IPV4} or {@link PcpAddress#ANY_IPV6}
 */
public record MappingKey(
        Optional<PcpAddress> thirdParty, IpProtocol protocol, int internalPort, PcpAddress externalFamily) {

    public MappingKey {
        if (internalPort < 1 || internalPort > 65_535) {
            throw new IllegalArgumentException("internal port: " + internalPort + " (expected: 1..65535)");
        }
        if (!externalFamily.isUnspecified()) {
            throw new IllegalArgumentException("external family: " + externalFamily + " (expected: 0.0.0.0 or ::)");
        }
    }

    @Override
    public String toString() {
        return thirdParty.map(host -> host + " ").orElse("") + protocol + " " + internalPort;
    }
}
