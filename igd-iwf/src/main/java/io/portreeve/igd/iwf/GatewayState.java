package io.portreeve.igd.iwf;

import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/**
 * What subscribers are told of the WAN connection; what changes together is told together.
 *
 * @param linkUp the link to the provider can carry packets
 * @param external empty while the provider has given no address
 * @param entries of the port mapping table
 * @param updateId unsigned 32 bits: one more with each change of the table, whoever made it. WANIPConnection:2 section 2.3.23
 */
public record GatewayState(
        boolean linkUp, boolean connected, Optional<PcpAddress> external, int entries, long updateId) {}
