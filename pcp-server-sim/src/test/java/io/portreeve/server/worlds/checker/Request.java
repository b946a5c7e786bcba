package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MonoTime;

/** A MAP request that reached the server. */
record Request(Who who, MapRequest map, MonoTime came) {

    boolean deletes() {
        return map.lifetime().isDelete();
    }
}
