package io.portreeve.pcp;

import java.util.List;
import java.util.Optional;

/**
 * The answer to a PEER request, or an unasked Mapping Update. Source: RFC 6887 sections 12.1, 14.2.
 *
 * @param result 0..255; 0 is success
 * @param lifetime of the mapping, or of the error
 * @param assignedPort the external port; in an error the one that was suggested
 * @param assignedAddress the external address; in an error the one that was suggested
 */
public record PeerResponse(
        int result,
        Lifetime lifetime,
        EpochTime epoch,
        MappingNonce nonce,
        IpProtocol protocol,
        int internalPort,
        int assignedPort,
        PcpAddress assignedAddress,
        int remotePort,
        PcpAddress remoteAddress,
        List<PcpOption> options)
        implements PcpResponse {

    public PeerResponse {
        Port.check("internal port", internalPort);
        Port.check("assigned external port", assignedPort);
        Port.check("remote peer port", remotePort);
        options = List.copyOf(options);
    }

    public Optional<PcpAddress> thirdParty() {
        return Options.thirdParty(options);
    }
}
