package io.portreeve.pcp.wire;

import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.pcp.natpmp.NatPmpResult;

/** What became of a NAT-PMP datagram that came to a server. */
public sealed interface DecodedNatPmpRequest {

    /** A well-formed request; whether it is granted is the engine's to say. */
    record Ok(NatPmpRequest request) implements DecodedNatPmpRequest {}

    /** Its version or opcode is not supported: the answer is {@link NatPmpEncoder#error} of the same octets. */
    record Refuse(NatPmpResult result) implements DecodedNatPmpRequest {}

    /** Not to be answered at all. */
    record Drop(Reason reason) implements DecodedNatPmpRequest {}

    /** Why a datagram is met with silence; each has its counter. */
    enum Reason {
        SHORTER_THAN_2,
        A_RESPONSE,
        MAP_SHORTER_THAN_12
    }
}
