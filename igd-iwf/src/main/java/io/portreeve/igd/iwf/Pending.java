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

        /**
         * @param before the entry of the same key that is being renewed, if there is one
         * @param retries how often it may be asked for again
         */
        record Add(PortMapping mapping, Optional<PortMapping> before, Approach approach, int retries)
                implements Change {
            Add of(PortMapping other) {
                return new Add(other, before, approach, retries);
            }

            Add by(Approach other) {
                return new Add(mapping, before, other, retries);
            }

            Add again() {
                return new Add(mapping, before, approach, retries - 1);
            }
        }

        record Remove(PortMapping mapping, Ending ending) implements Change {}
    }

    /** What is waited for; in UNDO for the NAT to drop the rule of an entry that could not be stored. */
    enum Stage {
        PCP,
        /** Nothing for a while: it was refused for a short time only. */
        RETRY,
        /** Nothing that must come: nobody was reached, though the PCP client may go on by itself. */
        UNREACHED,
        NAT,
        STORE,
        UNDO;

        /** {@return true if PCP has not said yes yet} */
        boolean isBeforePcp() {
            return this == PCP || this == RETRY || this == UNREACHED;
        }
    }

    /** {@return true if this failed for its caller, goes on, and would give its host what it asks for again} */
    boolean isOrphanOf(PortMapping wanted) {
        return caller.isEmpty()
                && stage.isBeforePcp()
                && change instanceof Change.Add(var mapping, var _, var _, int _)
                && mapping.key().equals(wanted.key())
                && mapping.leadsWhere(wanted);
    }

    /** {@return true if PCP has granted what is to be an entry} */
    boolean isGranted() {
        return change instanceof Change.Add && !stage.isBeforePcp();
    }

    Pending at(Stage next) {
        return new Pending(id, change, caller, next, caller.map(Caller::replyBy).orElse(MonoTime.NEVER));
    }

    /** {@return the same, gone about so} */
    Pending as(Change.Add other, Stage next, MonoTime until) {
        return new Pending(id, other, caller, next, until);
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
            case Change.Add add -> new Pending(id, add.of(add.mapping().on(port)), caller, stage, deadline);
            case Change.Remove _ -> this;
        };
    }

    Pending adoptedBy(Caller next, PortMapping wanted) {
        var reserved = wanted.through(change.mapping().natPort());
        return new Pending(id, ((Change.Add) change).of(reserved), Optional.of(next), stage, next.replyBy());
    }
}
