package io.portreeve.client;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/**
 * What PCP knows a mapping by: its internal side, the family of its external one, and the peer if it is for one alone. Source:
 * RFC 6887 sections 11.3, 12.3, erratum 3621.
 *
 * @param thirdParty the host the mapping leads to; empty for this machine itself
 * @param internalPort 1..65535; 0 for all ports of all protocols, and for protocols without ports
 * @param externalFamily {@link PcpAddress#ANY_IPV4} or {@link PcpAddress#ANY_IPV6}
 * @param remotePeer with whom the traffic is that a PEER mapping is for; empty for MAP, which lets everybody in
 */
public record MappingKey(
        Optional<PcpAddress> thirdParty,
        IpProtocol protocol,
        int internalPort,
        PcpAddress externalFamily,
        Optional<Endpoint> remotePeer) {

    public MappingKey {
        if (!isValid(protocol, internalPort)) {
            throw new IllegalArgumentException("internal port of " + protocol + ": " + internalPort
                    + (protocol.hasPorts() ? " (expected: 1..65535)" : " (expected: 0)"));
        }
        if (!externalFamily.isUnspecified()) {
            throw new IllegalArgumentException("external family: " + externalFamily + " (expected: 0.0.0.0 or ::)");
        }
        if (remotePeer.isPresent() && (!protocol.hasPorts() || remotePeer.get().port() == 0)) {
            throw new IllegalArgumentException("remote peer " + remotePeer.get() + " of " + protocol
                    + " (expected: a port, of a protocol that has ports)");
        }
    }

    public MappingKey(
            Optional<PcpAddress> thirdParty, IpProtocol protocol, int internalPort, PcpAddress externalFamily) {
        this(thirdParty, protocol, internalPort, externalFamily, Optional.empty());
    }

    /** {@return true if {@code internalPort} is one of {@code protocol}} RFC 6887 section 11.1. */
    public static boolean isValid(IpProtocol protocol, int internalPort) {
        return protocol.hasPorts() ? internalPort >= 1 && internalPort <= 65_535 : internalPort == 0;
    }

    /** {@return the same of {@code host}, if it is of nobody in particular} */
    public MappingKey of(PcpAddress host) {
        return new MappingKey(Optional.of(thirdParty.orElse(host)), protocol, internalPort, externalFamily, remotePeer);
    }

    /** {@return the same for the other external family} */
    public MappingKey twin() {
        var other = externalFamily.isIpv4() ? PcpAddress.ANY_IPV6 : PcpAddress.ANY_IPV4;
        return new MappingKey(thirdParty, protocol, internalPort, other, remotePeer);
    }

    @Override
    public String toString() {
        return thirdParty.map(host -> host + " ").orElse("") + protocol + " " + internalPort
                + remotePeer.map(peer -> " to " + peer).orElse("");
    }
}
