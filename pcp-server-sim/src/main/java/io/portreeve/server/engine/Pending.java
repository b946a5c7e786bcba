package io.portreeve.server.engine;

import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.Endpoint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Work under way on one key: what is being waited for, and the requests that came meanwhile. */
final class Pending {

    /** More than this wait only if the CGN hangs; clients repeat what is dropped. */
    private static final int MAX_WAITING = 8;

    /** What is under way. A key has either a mapping in the table or one of these. */
    sealed interface Stage {}

    /** The CGN is asked who the subscriber is. */
    record AskingSubscriber(Asked asked) implements Stage {}

    /** The CGN is asked to create; the external endpoint is ours. */
    record Creating(Asked asked, Endpoint external) implements Stage {}

    /** The row is being erased; the CGN still has the mapping. */
    record Erasing(Asked asked, Mapping mapping) implements Stage {}

    /** The CGN is asked to delete; nobody waits for the end of a mapping that expired. */
    record Ending(Optional<Asked> asked, Mapping mapping) implements Stage {}

    final MappingKey key;
    Stage stage;
    private final Deque<Asked> waiting = new ArrayDeque<>();

    Pending(MappingKey key, Stage stage) {
        this.key = key;
        this.stage = stage;
    }

    /** {@return the request this work is for} */
    Optional<Asked> asked() {
        return switch (stage) {
            case AskingSubscriber(var asked) -> Optional.of(asked);
            case Creating(var asked, var _) -> Optional.of(asked);
            case Erasing(var asked, var _) -> Optional.of(asked);
            case Ending(var asked, var _) -> asked;
        };
    }

    /** {@return the external endpoint that is held for this key} */
    Optional<Endpoint> held() {
        return switch (stage) {
            case AskingSubscriber _ -> Optional.empty();
            case Creating(var _, var external) -> Optional.of(external);
            case Erasing(var _, var mapping) -> Optional.of(mapping.row().external());
            case Ending(var _, var mapping) -> Optional.of(mapping.row().external());
        };
    }

    /** {@return false if the request needs no answer of its own: it repeats the last one, or too many wait already} */
    boolean await(Asked request) {
        var last = waiting.isEmpty() ? asked() : Optional.of(waiting.getLast());
        if (last.filter(request::repeats).isPresent() || waiting.size() == MAX_WAITING) {
            return false;
        }
        waiting.add(request);
        return true;
    }

    Deque<Asked> waiting() {
        return waiting;
    }

    /** Answers everyone that this came to nothing. */
    void refuseAll(Step step) {
        asked().ifPresent(asked -> step.refuse(asked.requestId(), ResultCode.NO_RESOURCES));
        waiting.forEach(asked -> step.refuse(asked.requestId(), ResultCode.NO_RESOURCES));
    }
}
