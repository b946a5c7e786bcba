package io.portreeve.pcp;

import java.util.List;
import java.util.Optional;

/**
 * Asks for, renews or deletes an explicit mapping. Source: RFC 6887 section 11.1.
 *
 * @param lifetime what is asked for; 0 deletes
 * @param client the address the client sends from
 * @param internalPort 0..65535; 0 stands for all ports
 * @param suggestedPort 0..65535; 0 says "no preference"
 * @param suggestedAddress the all-zeros address of a family says "no preference within that family"
 */
public record MapRequest(
        Lifetime lifetime,
        PcpAddress client,
        MappingNonce nonce,
        IpProtocol protocol,
        int internalPort,
        int suggestedPort,
        PcpAddress suggestedAddress,
        List<PcpOption> options)
        implements PcpRequest {

    public MapRequest {
        Port.check("internal port", internalPort);
        Port.check("suggested external port", suggestedPort);
        options = List.copyOf(options);
    }

    /** {@return the host the mapping leads to: the one THIRD_PARTY names, else the client itself} */
    public PcpAddress internalAddress() {
        return thirdParty().orElse(client);
    }

    public Optional<PcpAddress> thirdParty() {
        return Options.thirdParty(options);
    }

    public boolean prefersFailure() {
        return options.contains(new PcpOption.PreferFailure());
    }
}
