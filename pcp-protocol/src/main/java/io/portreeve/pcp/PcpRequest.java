package io.portreeve.pcp;

/** What a client asks. Source: RFC 6887 section 7.1. */
public sealed interface PcpRequest extends PcpMessage permits MapRequest, AnnounceRequest {

    /** {@return the address the client believes it sends from} The server compares it with the packet's source. */
    PcpAddress client();
}
