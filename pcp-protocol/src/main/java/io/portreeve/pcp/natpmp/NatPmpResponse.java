package io.portreeve.pcp.natpmp;

import io.portreeve.pcp.EpochTime;

/** What a NAT-PMP server answers to a request that it understands. Source: RFC 6886 sections 3.2, 3.3. */
public sealed interface NatPmpResponse permits ExternalAddressResponse, NatPmpMapResponse {
    NatPmpResult result();

    /** {@return the server's clock, in success and in error} Source: RFC 6886 section 3.6. */
    EpochTime epoch();
}
