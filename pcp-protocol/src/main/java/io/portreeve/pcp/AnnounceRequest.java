package io.portreeve.pcp;

/** Are you there, and since when? Source: RFC 6887 section 14.1. */
public record AnnounceRequest(PcpAddress client) implements PcpRequest {}
