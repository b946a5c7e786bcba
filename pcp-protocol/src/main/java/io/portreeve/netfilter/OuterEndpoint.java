package io.portreeve.netfilter;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;

/**
 * The outer side of a mapping. Its connections are those to it, and those that leave with it.
 *
 * @param port 1..65535
 */
public record OuterEndpoint(IpProtocol protocol, PcpAddress address, int port) {}
