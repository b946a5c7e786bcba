package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.NO_RESOURCES;

import io.portreeve.server.engine.Pending.Ending;
import io.portreeve.server.engine.Pending.Erasing;
import java.util.Optional;

/** What follows when a batch of rows is on disk, and when it is not. */
final class Commit {
    private final ServerState state;

    Commit(ServerState state) {
        this.state = state;
    }

    void saved(Step step) {
        for (var change : state.unsaved) {
            switch (change) {
                case Unsaved.Added(var asked, var mapping) -> grant(asked, mapping, step);
                case Unsaved.Renewed(var asked, var _, var after) -> grant(asked, after, step);
                case Unsaved.Erased(var pending, var erasing) -> end(pending, erasing, step);
                case Unsaved.Gone _, Unsaved.Forgotten _ -> {}
            }
        }
        state.unsaved.clear();
    }

    private static void grant(Asked asked, Mapping mapping, Step step) {
        step.reply(asked.requestId(), asked.granted(mapping.row(), step.epoch));
    }

    private void end(Pending pending, Erasing erasing, Step step) {
        pending.stage = new Ending(Optional.of(erasing.asked()), erasing.mapping());
        state.end(pending, erasing.mapping(), step);
    }

    /** Undoes, the last change first: each finds the state it left. */
    void notSaved(Step step) {
        for (var change : state.unsaved.reversed()) {
            switch (change) {
                case Unsaved.Added(var asked, var mapping) -> {
                    state.table.remove(mapping);
                    state.end(mapping, step);
                    step.refuse(asked.requestId(), NO_RESOURCES);
                }
                case Unsaved.Renewed(var asked, var before, var _) -> {
                    state.table.put(before);
                    step.refuse(asked.requestId(), NO_RESOURCES);
                }
                case Unsaved.Erased(var pending, var erasing) -> {
                    state.pendings.remove(pending.key);
                    state.table.put(erasing.mapping());
                    pending.refuseAll(step);
                }
                case Unsaved.Gone(var key) -> state.erasures.owe(key, step.now);
                case Unsaved.Forgotten(var subscriber) -> state.erasures.owe(subscriber, step.now);
            }
        }
        state.unsaved.clear();
    }
}
