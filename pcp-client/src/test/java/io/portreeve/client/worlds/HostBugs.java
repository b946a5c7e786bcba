package io.portreeve.client.worlds;

import io.portreeve.pcp.MonoTime;
import io.portreeve.worlds.Station;

/** Mistakes around an engine, each in the place of one call; planted to see that they are found. */
final class HostBugs {
    private HostBugs() {}

    static boolean whoeverItIs(Station from, Object server) {
        return true;
    }

    static void later(EngineLoop loop, MonoTime now) {}
}
