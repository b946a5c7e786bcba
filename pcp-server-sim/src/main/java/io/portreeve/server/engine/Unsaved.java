package io.portreeve.server.engine;

import io.portreeve.server.cgn.SubscriberId;

/** What was done in memory and at the CGN since the last commit, so that it can be answered or undone. */
sealed interface Unsaved {
    record Added(Asked asked, Mapping mapping) implements Unsaved {}

    record Renewed(Asked asked, Mapping before, Mapping after) implements Unsaved {}

    record Erased(Pending pending, Pending.Erasing stage) implements Unsaved {}

    /** Expired, or gone with its subscriber: cannot be undone, so it is written until it is on disk. */
    record Gone(MappingKey key) implements Unsaved {}

    record Forgotten(SubscriberId subscriber) implements Unsaved {}
}
