package io.portreeve.pcp;

/** What client and server say to each other, PCP version 2. Source: RFC 6887 section 7. */
public sealed interface PcpMessage permits PcpRequest, PcpResponse {
    int VERSION = 2;

    /** Where a server listens. RFC 6887 section 19.1. */
    int SERVER_PORT = 5351;

    /** Where a client listens for what it has not asked for. RFC 6887 section 19.1, RFC 6886 section 3.2.1. */
    int CLIENT_PORT = 5350;

    /** Octets before what the opcode says. RFC 6887 section 7. */
    int HEADER_SIZE = 24;

    /** Octets of UDP payload at most. RFC 6887 section 7. */
    int MAX_SIZE = 1100;
}
