package io.portreeve.igd.ssdp;

/** The engine's only effect. */
record Send(Endpoint target, SsdpMessage message) {}
