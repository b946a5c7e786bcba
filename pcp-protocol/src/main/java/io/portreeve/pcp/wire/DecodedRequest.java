package io.portreeve.pcp.wire;

import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.ResultCode;

/** What became of a datagram that came to a server. */
public sealed interface DecodedRequest {

    /** A well-formed request; whether it is granted is the engine's to say. */
    record Ok(PcpRequest request) implements DecodedRequest {}

    /** To be refused: the answer is {@link PcpEncoder#error} of the same octets. */
    record Refuse(ResultCode result) implements DecodedRequest {}

    /** Not to be answered at all. */
    record Drop(Reason reason) implements DecodedRequest {}

    /** Why a datagram is met with silence; each has its counter. */
    enum Reason {
        SHORTER_THAN_2,
        A_RESPONSE,
        SHORTER_THAN_24
    }
}
