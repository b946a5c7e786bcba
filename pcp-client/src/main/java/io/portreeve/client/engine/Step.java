package io.portreeve.client.engine;

import io.portreeve.client.MappingOutcome;
import io.portreeve.pcp.MonoTime;
import java.util.List;
import java.util.Optional;

/**
 * A mapping's next state, its one next action, and what the world must do about it.
 *
 * @param mapping empty if it is forgotten now
 * @param outcome what those who wait for the mapping are told, if they are told anything now
 */
record Step(Optional<Mapping> mapping, MonoTime due, Optional<MappingOutcome> outcome, List<Effect> effects) {

    static Step to(Mapping mapping, MonoTime due, Effect... effects) {
        return new Step(Optional.of(mapping), due, Optional.empty(), List.of(effects));
    }

    static Step forgotten(Mapping mapping, MappingOutcome outcome) {
        return new Step(
                Optional.empty(), MonoTime.NEVER, Optional.of(outcome), List.of(new Effect.Erase(mapping.id())));
    }

    /** {@return whether the mapping is there, as applications now know; empty if they are told nothing} */
    Optional<Boolean> told() {
        boolean isTold = outcome.isPresent() || effects.stream().anyMatch(Effect.Tell.class::isInstance);
        return isTold ? Optional.of(mapping.flatMap(it -> it.state().holding()).isPresent()) : Optional.empty();
    }

    Step telling(MappingOutcome told) {
        return new Step(mapping, due, Optional.of(told), effects);
    }
}
