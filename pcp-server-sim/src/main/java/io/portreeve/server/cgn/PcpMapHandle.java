package io.portreeve.server.cgn;

/** What the CGN calls an explicit dynamic mapping, from its creation until it is deleted. */
public record PcpMapHandle(long number) {}
