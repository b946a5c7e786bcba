package io.portreeve.igd.iwf;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.OptionalInt;

/**
 * Lets what arrives for a host through the gateway.
 *
 * @param natPort of the WAN address, 1..65535; empty if the gateway does not translate
 * @param internalPort 1..65535
 */
public record NatRule(IpProtocol protocol, OptionalInt natPort, PcpAddress internalClient, int internalPort) {}
