package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.NO_RESOURCES;

import java.util.List;
import java.util.function.BiConsumer;

/** What follows when a batch of rows is on disk, and when it is not. */
final class Commit {
    private final ServerState state;
    private final ExplicitMappings mappings;
    private final Grants grants;
    private final Peers peers;
    private final BiConsumer<Asker, Step> handler;

    /** @param handler what is done with a request that has waited for this */
    Commit(ServerState state, ExplicitMappings mappings, Grants grants, Peers peers, BiConsumer<Asker, Step> handler) {
        this.state = state;
        this.mappings = mappings;
        this.grants = grants;
        this.peers = peers;
        this.handler = handler;
    }

    void saved(Step step) {
        for (var change : state.unsaved) {
            switch (change) {
                case Unsaved.Added(var asked, var mapping) -> grants.granted(asked, mapping.row(), step);
                case Unsaved.Renewed(var asked, var _, var after) -> grants.granted(asked, after.row(), step);
                case Unsaved.Erased(var pending, var mapping, var _) -> mappings.end(pending, mapping, step);
                case Unsaved.Opened opened -> peers.saved(opened, step);
                case Unsaved.Told(var asked, var row) -> grants.unchanged(asked, row, step);
                case Unsaved.Moved(var mapping, var progress) -> {
                    state.updates.tell(mapping.row(), step);
                    progress.moved(step);
                }
                case Unsaved.AddedStatic(var wanted, var _) -> step.add(wanted.answer(new Addition.Added()));
                case Unsaved.Gone _, Unsaved.Forgotten _, Unsaved.EpochReset _, Unsaved.Awaited _ -> {}
            }
        }
        over(step);
    }

    /** Undoes, the last change first: each finds the state it left. */
    void notSaved(Step step) {
        for (var change : state.unsaved.reversed()) {
            switch (change) {
                case Unsaved.Added(var asked, var mapping) -> {
                    state.refuse(asked, NO_RESOURCES, step);
                    mappings.revoke(mapping, step);
                }
                case Unsaved.Renewed(var asked, var before, var after) -> {
                    state.refuse(asked, NO_RESOURCES, step);
                    mappings.restore(before, after, step);
                }
                case Unsaved.Erased(var pending, var mapping, var held)
                when pending.isRevoked -> {
                    state.refuseAll(pending, step);
                    state.erasures.owe(Unsaved.Gone.of(mapping.row(), held), step.now);
                    mappings.end(pending, mapping, step);
                }
                case Unsaved.Erased(var pending, var mapping, var held) -> {
                    held.forEach(state.holdDown::cancel);
                    state.end(pending);
                    state.table.put(mapping);
                    state.refuseAll(pending, step);
                }
                case Unsaved.Opened opened -> peers.notSaved(opened, step);
                case Unsaved.AddedStatic(var wanted, var mapping) -> {
                    step.add(wanted.answer(new Addition.NotSaved()));
                    mappings.revoke(mapping, step);
                }
                case Unsaved.Told(var asked, var _) -> state.refuse(asked, NO_RESOURCES, step);
                case Unsaved.Moved(var mapping, var progress) -> {
                    progress.lost(step);
                    mappings.revoke(mapping, step);
                    state.erasures.owe(Unsaved.Gone.of(mapping.row(), List.of()), step.now);
                }
                case Unsaved.Gone gone -> state.erasures.owe(gone, step.now);
                case Unsaved.Awaited _ -> {}
                case Unsaved.EpochReset() -> state.erasures.oweEpochs(step.now);
                case Unsaved.Forgotten(var subscriber) -> state.erasures.owe(subscriber, step.now);
            }
        }
        over(step);
    }

    /** What was asked meanwhile finds the state as it stays. */
    private void over(Step step) {
        var changes = List.copyOf(state.unsaved);
        state.unsaved.clear();
        for (var change : changes) {
            if (change instanceof Unsaved.Awaited(var asker)) {
                handler.accept(asker, step);
            }
        }
    }
}
