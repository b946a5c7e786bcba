package io.portreeve.igd.ssdp;

import io.portreeve.pcp.PcpAddress;

/** An address and a UDP port. */
record Endpoint(PcpAddress address, int port) {}
