package io.portreeve.pcp.wire;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.natpmp.NatPmpResponse;
import java.util.Optional;

/** What became of a datagram that came to a client that speaks NAT-PMP. */
public sealed interface DecodedNatPmpResponse {

    record Ok(NatPmpResponse response) implements DecodedNatPmpResponse {}

    /**
     * The request failed, and nothing else in the answer can be relied on.
     *
     * @param mapped what was to be mapped; empty if that was the address, or if the answer does not say
     * @param result 0..65535: version or opcode not supported, or one this release does not know
     */
    record Failed(Optional<IpProtocol> mapped, int result) implements DecodedNatPmpResponse {}

    /** To be ignored. */
    record Drop(Reason reason) implements DecodedNatPmpResponse {}

    /** Why an answer is ignored; each has its counter. */
    enum Reason {
        SHORTER_THAN_4,
        NOT_A_RESPONSE,
        WRONG_VERSION,
        UNKNOWN_OPCODE,
        TOO_SHORT
    }
}
