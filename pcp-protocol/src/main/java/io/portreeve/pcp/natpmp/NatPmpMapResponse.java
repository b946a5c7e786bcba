package io.portreeve.pcp.natpmp;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.Port;

/**
 * The answer to a map request. Source: RFC 6886 sections 3.3, 3.4.
 *
 * @param protocol UDP or TCP
 * @param internalPort 0..65535, the request's
 * @param externalPort 0..65535; 0 after a delete and in an error
 * @param lifetime of the mapping; 0 after a delete and in an error
 */
public record NatPmpMapResponse(
        IpProtocol protocol,
        NatPmpResult result,
        EpochTime epoch,
        int internalPort,
        int externalPort,
        Lifetime lifetime)
        implements NatPmpResponse {
    public NatPmpMapResponse {
        NatPmpMapRequest.checkProtocol(protocol);
        Port.check("internal port", internalPort);
        Port.check("external port", externalPort);
    }

    /** {@return the answer that grants nothing to {@code request}} Source: RFC 6886 section 3.3. */
    public static NatPmpMapResponse refused(NatPmpMapRequest request, NatPmpResult result, EpochTime epoch) {
        return new NatPmpMapResponse(request.protocol(), result, epoch, request.internalPort(), 0, Lifetime.DELETE);
    }
}
