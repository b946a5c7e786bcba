package io.portreeve.pcp.natpmp;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.Port;

/**
 * Asks for, renews or deletes a mapping. Source: RFC 6886 sections 3.3, 3.4.
 *
 * @param protocol UDP or TCP
 * @param internalPort 0..65535; 0 with lifetime 0 deletes all mappings of the protocol
 * @param suggestedPort 0..65535; 0 says "no preference"
 * @param lifetime what is asked for; 0 deletes
 */
public record NatPmpMapRequest(IpProtocol protocol, int internalPort, int suggestedPort, Lifetime lifetime)
        implements NatPmpRequest {
    public NatPmpMapRequest {
        checkProtocol(protocol);
        Port.check("internal port", internalPort);
        Port.check("suggested external port", suggestedPort);
    }

    static void checkProtocol(IpProtocol protocol) {
        if (!protocol.equals(IpProtocol.UDP) && !protocol.equals(IpProtocol.TCP)) {
            throw new IllegalArgumentException("NAT-PMP maps UDP and TCP only, not " + protocol);
        }
    }
}
