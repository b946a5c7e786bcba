package io.portreeve.server.engine;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What was done in memory and at the CGN since the last commit, so that it can be answered or undone. */
sealed interface Unsaved {
    record Added(Asked asked, Mapping mapping) implements Unsaved {}

    record Renewed(Asked asked, Mapping before, Mapping after) implements Unsaved {}

    /** Out of the table; the CGN is asked when the row has gone. What is not erased comes back, unless it is revoked. */
    record Erased(Pending pending, Mapping mapping, List<HeldPort> held) implements Unsaved {}

    /** Expired, or gone with its subscriber: cannot be undone, so it is written until it is on disk. */
    record Gone(MappingKey key, int ports, List<HeldPort> held) implements Unsaved {
        static Gone of(MappingRow row, List<HeldPort> held) {
            return new Gone(row.key(), row.terms().ports(), held);
        }

        boolean has(MappingKey port) {
            return IntStream.range(0, ports).mapToObj(key::plus).anyMatch(port::equals);
        }
    }

    record Forgotten(SubscriberKey subscriber) implements Unsaved {}

    /** A client hears of a mapping that it does not change, if that is on disk. */
    record Told(Asked asked, MappingRow row) implements Unsaved {}

    record Opened(PeerAsked asked, Optional<PeerRow> before, PeerRow after) implements Unsaved {}

    /** The common epoch or a subscriber's own began anew: it stays so, and is written until it is on disk. */
    record EpochReset() implements Unsaved {}

    /** Asks about what there is, which is not known before this is over. */
    record Awaited(Asker asker) implements Unsaved {}

    /** The operator's. */
    record AddedStatic(Administration.Wanted wanted, Mapping mapping) implements Unsaved {}

    /** On another external address than before, and nobody asked for it. */
    record Moved(Mapping mapping, MoveProgress progress) implements Unsaved {}
}
