package io.portreeve.server.worlds.checker;

import io.portreeve.worlds.Station;

/** A host's traffic with one remote peer. */
public record Peer(Who who, Station remote) {}
