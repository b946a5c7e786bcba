package io.portreeve.pcp;

/** The server is there; sent unasked after it lost its state. Source: RFC 6887 section 14.1. */
public record AnnounceResponse(int result, EpochTime epoch) implements PcpResponse {}
