package io.portreeve.igd.iwf;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;

/**
 * Lets what arrives for a host through the gateway.
 *
 * @param internalPort 1..65535
 */
public record NatRule(IpProtocol protocol, PcpAddress internalClient, int internalPort) {}
