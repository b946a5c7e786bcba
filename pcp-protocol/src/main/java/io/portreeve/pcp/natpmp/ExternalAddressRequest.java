package io.portreeve.pcp.natpmp;

/** Under which IPv4 address is this network seen? Source: RFC 6886 section 3.2. */
public record ExternalAddressRequest() implements NatPmpRequest {}
