package io.portreeve.pcp.wire;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpResponse;

/** What became of a datagram that came to a client. */
public sealed interface DecodedResponse {

    record Ok(PcpResponse response) implements DecodedResponse {}

    /**
     * The server speaks another version: 0 is NAT-PMP. RFC 6887 section 9.
     *
     * @param errorLifetime the usual one if the answer does not say it
     */
    record OtherVersion(int version, Lifetime errorLifetime) implements DecodedResponse {}

    /** To be ignored. */
    record Drop(Reason reason) implements DecodedResponse {}

    /** Why an answer is ignored; each has its counter. */
    enum Reason {
        SHORTER_THAN_4,
        NOT_A_RESPONSE,
        BAD_LENGTH,
        WRONG_VERSION,
        UNKNOWN_OPCODE,
        MALFORMED
    }
}
