package io.portreeve.pcp;

import java.util.List;

/** What a client asks. Source: RFC 6887 section 7.1. */
public sealed interface PcpRequest extends PcpMessage permits MapRequest, PeerRequest, AnnounceRequest, GetRequest {

    /** {@return the address the client believes it sends from} The server compares it with the packet's source. */
    PcpAddress client();

    /** {@return in the order they were sent} */
    List<PcpOption> options();
}
