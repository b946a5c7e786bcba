package io.portreeve.server.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Work under way: what it holds, and the requests that came meanwhile. */
final class Pending {

    /** More than this wait only if the CGN hangs; clients repeat what is dropped. */
    private static final int MAX_WAITING = 8;

    /** One for each internal port that is concerned. */
    final List<? extends Key> keys;

    /** Whom this is for; empty if nobody waits for it, or no longer. */
    Optional<Asker> asker;

    /** The external ports that are ours until it is over. */
    Optional<Ports> ports = Optional.empty();

    /** Those ports are a mapping's that ends, and not one's that is being made or that lives on. */
    boolean ends;

    /** How many places of the quota it has. */
    int quota;

    /** The mapping that is changed, and lives on meanwhile as it was. */
    Optional<Mapping> changed = Optional.empty();

    /** Its subscriber was deleted, and with it whatever the CGN makes. */
    boolean gone;

    /** What is on disk of the mapping, if less than the mapping has. */
    Optional<MappingRow> stored = Optional.empty();

    /** The mapping could not be stored, or nobody wants it any more: it goes as soon as this is over, whatever fails. */
    boolean isRevoked;

    /** The CGN has not answered in time: nobody waits for it any more. */
    boolean isOverdue;

    private final Deque<Asker> waiting = new ArrayDeque<>();

    Pending(List<? extends Key> keys, Optional<Asker> asker) {
        this.keys = List.copyOf(keys);
        this.asker = asker;
    }

    Key key() {
        return keys.getFirst();
    }

    /** What was done to the mapping before this began could not be stored, so it is {@code row}. */
    void isStoredAs(MappingRow row) {
        stored = Optional.of(row);
        changed = changed.map(mapping -> mapping.with(row));
    }

    /** {@return false if the request needs no answer of its own: it repeats the last one, or too many wait already} */
    boolean await(Asker request) {
        var last = waiting.isEmpty() ? asker : Optional.of(waiting.getLast());
        if (last.filter(request::repeats).isPresent() || waiting.size() == MAX_WAITING) {
            return false;
        }
        waiting.add(request);
        return true;
    }

    Deque<Asker> waiting() {
        return waiting;
    }
}
