package io.portreeve.igd.iwf;

import io.portreeve.igd.iwf.AuditRecord.What;
import io.portreeve.igd.iwf.Pending.Change;
import io.portreeve.pcp.MonoTime;
import java.util.Optional;

/** Entries that PCP has said yes to: NAT rule, store, reply. Source: RFC 6970 sections 5.3, 5.5. */
final class Installations {
    private final PortMappingTable table;
    private final NatPorts natPorts;
    private final Restoring restoring;
    private final Steps steps;
    private final Removals removals;
    private final Withdrawals withdrawals;

    Installations(
            PortMappingTable table,
            NatPorts natPorts,
            Restoring restoring,
            Steps steps,
            Removals removals,
            Withdrawals withdrawals) {
        this.table = table;
        this.natPorts = natPorts;
        this.restoring = restoring;
        this.steps = steps;
        this.removals = removals;
        this.withdrawals = withdrawals;
    }

    void natDone(Pending change, Change.Add add, boolean done, MonoTime now) {
        if (!done) {
            withdrawals.failed(change, add, "the gateway's own NAT failed", _ -> IgdError.ACTION_FAILED);
            stay(add, now);
        } else if (change.caller().isEmpty() && add.before().isEmpty()) {
            steps.undoNat(change);
        } else {
            left(add)
                    .ifPresent(before ->
                            steps.out().add(new IwfEffect.Erase(steps.out().nextId(), before.key())));
            steps.store(change, new IwfEffect.Save(change.id(), add.mapping()));
        }
    }

    /** {@return the entry that is on another port from now on} */
    private static Optional<PortMapping> left(Change.Add add) {
        return add.before().filter(before -> !before.key().equals(add.mapping().key()));
    }

    void undone(Pending change, Change.Add add, boolean done) {
        if (!done) {
            natPorts.retire(add.mapping());
        }
        withdrawals.withdraw(change, add);
    }

    void saved(Pending change, Change.Add add, boolean saved, MonoTime now) {
        if (!saved) {
            notStored(change, add, now);
            return;
        }
        var mapping = add.mapping();
        steps.pending().remove(change);
        left(add).ifPresent(before -> table.remove(before.key()));
        table.put(mapping);
        steps.audit(AuditRecord.of(What.OPENED, mapping, ""));
        if (change.caller().isEmpty() && add.before().isEmpty()) {
            removals.doom(mapping, Ending.UNTOLD);
        } else if (add.approach() != Approach.FOR_GOOD) {
            restoring.ask(mapping, now); // PCP has it for a short time only
        }
        steps.reply(
                change,
                switch (mapping.choice()) {
                    case EXACTLY -> new IgdReply.Done();
                    case ANY -> new IgdReply.ReservedPort(mapping.key().externalPort());
                });
    }

    private void notStored(Pending change, Change.Add add, MonoTime now) {
        withdrawals.notOpened(change, "it could not be stored", _ -> IgdError.ACTION_FAILED);
        if (add.before().isPresent()) {
            withdrawals.withdraw(change, add);
            stay(add, now);
        } else {
            steps.undoNat(change.withoutCaller());
        }
    }

    /** PCP is asked again for an entry that it has moved, and that has not followed: it goes back, or the entry goes there. */
    private void stay(Change.Add add, MonoTime now) {
        left(add).ifPresent(before -> restoring.ask(before, now));
    }
}
