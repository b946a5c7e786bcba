package io.portreeve.server.worlds.checker;

import io.portreeve.worlds.Station;

/** One line of the CGN's table: what is in force. */
public record CgnRow(Who who, Station external) {}
