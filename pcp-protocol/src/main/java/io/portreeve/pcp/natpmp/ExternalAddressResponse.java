package io.portreeve.pcp.natpmp;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.PcpAddress;

/**
 * The external address, asked for or announced to all when it changed. Source: RFC 6886 sections 3.2, 3.2.1.
 *
 * @param external an IPv4 address; in an error 0.0.0.0
 */
public record ExternalAddressResponse(NatPmpResult result, EpochTime epoch, PcpAddress external)
        implements NatPmpResponse {
    public ExternalAddressResponse {
        if (!external.isIpv4()) {
            throw new IllegalArgumentException("NAT-PMP knows IPv4 addresses only, not " + external);
        }
    }

    /** {@return the answer that tells no address} Source: RFC 6886 section 3.2. */
    public static ExternalAddressResponse refused(NatPmpResult result, EpochTime epoch) {
        return new ExternalAddressResponse(result, epoch, PcpAddress.ANY_IPV4);
    }
}
