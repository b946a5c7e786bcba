package io.portreeve.worlds;

import io.portreeve.pcp.PcpAddress;

/** Where datagrams come from and go to. */
public record Station(PcpAddress address, int port) {}
