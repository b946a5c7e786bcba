package io.portreeve.igd.gena;

import io.portreeve.pcp.PcpAddress;

/**
 * An address of the gateway, and where it is one. RFC 4007 section 6.
 *
 * @param interfaceIndex the link that a link-local IPv6 address is meant on; any number with other addresses
 */
public record ScopedAddress(PcpAddress address, int interfaceIndex) {}
