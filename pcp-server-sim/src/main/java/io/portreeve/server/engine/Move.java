package io.portreeve.server.engine;

import io.portreeve.server.cgn.CgnError;

/** What has become of a subscriber that the operator wanted to have another external address. */
public sealed interface Move {

    /**
     * It has that address.
     *
     * @param mappings how many it has there, on disk too
     * @param lost how many it had before and has no longer: there was no port for them, or they could not be stored
     */
    record Moved(int mappings, int lost) implements Move {}

    /** It has no external address yet. */
    record Nobody() implements Move {}

    /** The CGN does not give it that address. */
    record RefusedByCgn(CgnError error, int lost) implements Move {}

    /** The CGN does not answer; or the subscriber was deleted or moved again before this was over. */
    record Overtaken() implements Move {}
}
