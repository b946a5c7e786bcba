package io.portreeve.igd.iwf;

import io.portreeve.pcp.MonoTime;
import java.util.Optional;

/**
 * One change of the table under way. Its stage is what must be undone if it fails, so undoing is reading the stages backwards.
 *
 * @param caller who waits for the reply; empty if nobody does, or nobody any more
 * @param deadline when what is waited for is waited for no longer
 */
record Pending(long id, Change change, Optional<Caller> caller, Stage stage, MonoTime deadline) {

    /** @param replyBy when it must have been told */
    record Caller(long call, IgdFace face, MonoTime replyBy) {}

    sealed interface Change {
        PortMapping mapping();

        /** @param before the entry of the same key that is being renewed, if there is one */
        record Add(PortMapping mapping, Optional<PortMapping> before) implements Change {}

        record Remove(PortMapping mapping, Ending ending) implements Change {}
    }

    /** What is waited for; in UNDO for the NAT to drop the rule of an entry that could not be stored. */
    enum Stage {
        PCP,
        NAT,
        STORE,
        UNDO
    }

    /** {@return true if this failed for its caller, goes on, and would give its host what it asks for again} */
    boolean isOrphanOf(PortMapping wanted) {
        return caller.isEmpty()
                && stage == Stage.PCP
                && change instanceof Change.Add(var mapping, var _)
                && mapping.key().equals(wanted.key())
                && mapping.leadsWhere(wanted);
    }

    Pending at(Stage next) {
        return new Pending(id, change, caller, next, caller.map(Caller::replyBy).orElse(MonoTime.NEVER));
    }

    Pending withoutCaller() {
        return new Pending(id, change, Optional.empty(), stage, MonoTime.NEVER);
    }

    Pending until(MonoTime giveUp) {
        return new Pending(id, change, caller, stage, giveUp);
    }

    /** {@return the same, on the external port that was granted} */
    Pending on(int port) {
        return switch (change) {
            case Change.Add(var mapping, var before) ->
                new Pending(id, new Change.Add(mapping.on(port), before), caller, stage, deadline);
            case Change.Remove _ -> this;
        };
    }

    Pending adoptedBy(Caller next, PortMapping wanted) {
        var reserved = wanted.through(change.mapping().natPort());
        return new Pending(id, new Change.Add(reserved, Optional.empty()), Optional.of(next), stage, next.replyBy());
    }
}
