package io.portreeve.server.scenario;

import io.portreeve.server.engine.MappingView;
import io.portreeve.server.scenario.Step.Act;
import java.time.Duration;
import java.util.List;

/** What can happen while a scenario is played. */
sealed interface PlayEvent {

    /** @param at since the start */
    record Came(SeenRequest request, Duration at) implements PlayEvent {}

    /** The server's table, looked at just now. */
    record Looked(List<MappingView> table) implements PlayEvent {}

    /** The program has ended that {@code act} started. */
    record Ended(Act act, int code) implements PlayEvent {}

    /** What {@code act} says could not be done. */
    record NotDone(Act act, String why) implements PlayEvent {}

    /** Time has passed, and all that came before now was told. */
    record Due() implements PlayEvent {}
}
