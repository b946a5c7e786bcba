package io.portreeve.netfilter;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;

/**
 * The inner side of a mapping: from where a connection is begun.
 *
 * @param port 1..65535
 */
public record InnerEndpoint(IpProtocol protocol, PcpAddress address, int port) {}
