package io.portreeve.server.cgn;

/** What the CGN calls the filter of a mapping, from its creation until it or its mapping is deleted. Replacing keeps it. */
public record FilterHandle(long number) {}
