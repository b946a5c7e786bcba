package io.portreeve.igd.gena;

import io.portreeve.pcp.PcpAddress;

/**
 * The two ends of the connection that a request came through.
 *
 * @param address of the control point
 * @param reached the gateway's address that it asked; its events come from there
 */
public record Caller(PcpAddress address, ScopedAddress reached) {}
