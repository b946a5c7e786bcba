package io.portreeve.client.engine;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Carries out what was decided of a mapping, and tells those whom it concerns. */
final class Outcomes {
    private final String server;
    private final MappingTable table;
    private final Waiters waiters;

    /** What applications take to be there, as far as they have been told. */
    private final Set<MappingKey> reliedOn = new HashSet<>();

    Outcomes(String server, MappingTable table, Waiters waiters) {
        this.server = server;
        this.table = table;
        this.waiters = waiters;
    }

    /** An earlier run may have told of it. */
    void restored(Mapping mapping) {
        reliedOn.add(mapping.key());
    }

    boolean isAwaited(MappingKey key) {
        return waiters.isAwaited(server, key);
    }

    List<Effect> toldUnreachable() {
        return waiters.tellOf(server, new MappingOutcome.Unreachable());
    }

    /** What follows from a step that a word of the server brought about. */
    List<Effect> answered(Mapping before, Step step) {
        var effects = new ArrayList<Effect>();
        if (!waiters.isAwaited(server, before.key())) {
            unasked(before, step).map(Effect.Tell::new).ifPresent(effects::add);
        }
        effects.addAll(apply(before.key(), step));
        return effects;
    }

    /** What is new, and no answer to anybody, is told to all. */
    private Optional<MappingEvent> unasked(Mapping before, Step step) {
        var held = before.state().holding().map(Grant::external);
        return step.outcome().flatMap(outcome -> switch (outcome) {
            case MappingOutcome.Granted(var external, var _, int _) ->
                Optional.of(external)
                        .filter(it -> !held.equals(Optional.of(it)))
                        .map(it -> new MappingEvent.Granted(before.key(), it));
            case MappingOutcome.Refused _ ->
                Optional.of(before)
                        .filter(it -> held.isEmpty() && reliedOn.contains(it.key()))
                        .map(it -> new MappingEvent.Lost(it.key()));
            case MappingOutcome.Unreachable(), MappingOutcome.HeldByOther _, MappingOutcome.Released() ->
                Optional.empty();
        });
    }

    List<Effect> take(Effect first, Step step) {
        var effects = new ArrayList<Effect>(List.of(first));
        effects.addAll(apply(step.mapping().orElseThrow().key(), step));
        return effects;
    }

    List<Effect> apply(MappingKey key, Step step) {
        step.mapping().ifPresentOrElse(mapping -> table.put(mapping, step.due()), () -> table.remove(key));
        var effects = new ArrayList<>(step.effects());
        step.outcome().ifPresent(outcome -> effects.addAll(told(key, outcome)));
        step.told().ifPresent(isThere -> rely(key, isThere));
        return effects;
    }

    private void rely(MappingKey key, boolean isThere) {
        if (isThere) {
            reliedOn.add(key);
        } else {
            reliedOn.remove(key);
        }
    }

    /** Nobody wants it any more, because its time is over: who waits for it waits in vain, and who relies on it is told. */
    List<Effect> ended(MappingKey key) {
        var effects = new ArrayList<>(told(key, new MappingOutcome.Released()));
        if (reliedOn.remove(key)) {
            effects.add(new Effect.Tell(new MappingEvent.Lost(key)));
        }
        return effects;
    }

    List<Effect> told(MappingKey key, MappingOutcome outcome) {
        return waiters.tell(server, key, outcome);
    }
}
