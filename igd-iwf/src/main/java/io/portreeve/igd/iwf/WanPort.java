package io.portreeve.igd.iwf;

import io.portreeve.pcp.IpProtocol;

/** @param port of the gateway's WAN address, 1..65535 */
public record WanPort(IpProtocol protocol, int port) {}
