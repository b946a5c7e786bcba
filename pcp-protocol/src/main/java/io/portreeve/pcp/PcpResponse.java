package io.portreeve.pcp;

import java.util.List;

/** What a server answers. Source: RFC 6887 section 7.2. */
public sealed interface PcpResponse extends PcpMessage
        permits MapResponse, PeerResponse, AnnounceResponse, GetResponse {

    /** {@return the result code as the wire has it, 0..255} A code of the future survives here. */
    int result();

    /** {@return the server's clock, in success and in error} */
    EpochTime epoch();

    /** {@return in the order they were sent} */
    List<PcpOption> options();

    default boolean isSuccess() {
        return result() == ResultCode.SUCCESS.value();
    }
}
