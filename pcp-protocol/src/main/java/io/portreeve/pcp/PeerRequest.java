package io.portreeve.pcp;

import java.util.List;
import java.util.Optional;

/**
 * Asks for an outbound mapping to one peer, or how long the one that exists will live. Source: RFC 6887 section 12.1.
 *
 * @param lifetime what is asked for; 0 only asks
 * @param client the address the client sends from
 * @param internalPort 0..65535; 0 is refused by servers
 * @param suggestedPort 0..65535; 0 says "no preference"
 * @param suggestedAddress the all-zeros address of a family says "no preference within that family"
 * @param remotePort 0..65535; 0 is refused by servers
 * @param remoteAddress as the client sees it
 */
public record PeerRequest(
        Lifetime lifetime,
        PcpAddress client,
        MappingNonce nonce,
        IpProtocol protocol,
        int internalPort,
        int suggestedPort,
        PcpAddress suggestedAddress,
        int remotePort,
        PcpAddress remoteAddress,
        List<PcpOption> options)
        implements PcpRequest {

    public PeerRequest {
        Port.check("internal port", internalPort);
        Port.check("suggested external port", suggestedPort);
        Port.check("remote peer port", remotePort);
        options = List.copyOf(options);
    }

    /** {@return the host the mapping is of: the one THIRD_PARTY names, else the client itself} */
    public PcpAddress internalAddress() {
        return thirdParty().orElse(client);
    }

    public Optional<PcpAddress> thirdParty() {
        return Options.thirdParty(options);
    }
}
