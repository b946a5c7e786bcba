package io.portreeve.igd.iwf;

import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.AuditRecord.What;
import io.portreeve.igd.iwf.Pending.Caller;
import io.portreeve.igd.iwf.Pending.Change;
import io.portreeve.igd.iwf.Pending.Stage;
import io.portreeve.pcp.MonoTime;
import java.util.Optional;
import java.util.function.Function;

/** Entries that are made or renewed: NAT port, PCP, NAT rule, store, reply. Source: RFC 6970 sections 5.5, 5.6. */
final class Additions {
    private final IwfPolicy policy;
    private final PortMappingTable table;
    private final NatPorts natPorts;
    private final Steps steps;
    private final Removals removals;

    Additions(IwfPolicy policy, PortMappingTable table, NatPorts natPorts, Steps steps, Removals removals) {
        this.policy = policy;
        this.table = table;
        this.natPorts = natPorts;
        this.steps = steps;
        this.removals = removals;
    }

    /** Makes or renews {@code wanted}; the entry it renews leads where it leads. */
    void add(PortMapping wanted, Caller caller) {
        var before = table.get(wanted.key());
        before.map(held -> Optional.of(wanted.through(held.natPort())))
                .orElseGet(() -> natPorts.reserve(wanted))
                .ifPresentOrElse(
                        reserved -> begin(new Change.Add(reserved, before), caller),
                        () -> steps.out().fail(caller.call(), PcpErrors.noPortLeft(caller.face())));
    }

    private void begin(Change.Add add, Caller caller) {
        long id = steps.out().nextId();
        var change = new Pending(id, add, Optional.of(caller), Stage.PCP, caller.replyBy());
        var request = add.mapping().pcpRequest();
        if (add.before().filter(it -> it.pcpRequest().equals(request)).isPresent()) {
            steps.changeNat(change); // the PCP mapping is as it should be
        } else {
            steps.pending().put(change);
            steps.out().add(new IwfEffect.AskPcp(id, request));
        }
    }

    /** {@return true if a request that failed for its caller, but goes on, is now waited for again} */
    boolean adopt(PortMapping wanted, Caller caller) {
        var orphan = steps.pending().about(wanted.key()).filter(it -> it.isOrphanOf(wanted));
        orphan.ifPresent(it -> steps.pending().put(it.adoptedBy(caller, wanted)));
        return orphan.isPresent();
    }

    void pcpAnswered(Pending change, Change.Add add, MappingOutcome outcome, MonoTime now) {
        switch (outcome) {
            case MappingOutcome.Granted(var endpoint, var _, int _) -> granted(change, add, endpoint.port());
            case MappingOutcome.Refused refused -> {
                var choice = add.mapping().choice();
                failed(
                        change,
                        add,
                        PcpErrors.explained(refused),
                        caller -> PcpErrors.onAdd(refused, choice, caller.face()));
            }
            case MappingOutcome.HeldByOther(var owner) -> taken(change, add, owner + " on this gateway has it");
            case MappingOutcome.Released() -> failed(change, add, "it was released", _ -> IgdError.ACTION_FAILED);
            case MappingOutcome.Unreachable() -> orphan(change, add, "nobody listens at the PCP server", now);
        }
    }

    /** @param port the external one */
    void granted(Pending change, Change.Add add, int port) {
        removals.spare(add.mapping().key());
        var granted = change.on(port);
        var mapping = granted.change().mapping();
        if (change.caller().isEmpty()) {
            withdraw(change, add);
        } else if (isTaken(mapping, change, add)) {
            taken(change, add, "another entry has port " + port);
        } else {
            steps.changeNat(granted);
        }
    }

    /** A provider with several external addresses may give one port twice; control points know no address. */
    private boolean isTaken(PortMapping granted, Pending change, Change.Add add) {
        var key = granted.key();
        boolean isBeingMade = steps.pending()
                .about(key)
                .filter(other -> other.id() != change.id() && other.stage() != Stage.PCP)
                .isPresent();
        return isBeingMade
                || table.onPort(key.externalPort(), key.protocol())
                        .filter(held -> add.before()
                                .filter(before -> before.key().equals(held.key()))
                                .isEmpty())
                        .isPresent();
    }

    private void taken(Pending change, Change.Add add, String why) {
        var choice = add.mapping().choice();
        failed(change, add, why, caller -> PcpErrors.conflict(choice, caller.face()));
        add.before().ifPresent(before -> removals.doom(before, Ending.lost(why))); // it is where another one is now
    }

    /** Its caller is told that it failed, but it goes on: a late success is adopted if the caller asks again, else undone. */
    private void orphan(Pending change, Change.Add add, String why, MonoTime now) {
        if (add.before().isPresent()) {
            failed(change, add, why, _ -> IgdError.ACTION_FAILED);
            return;
        }
        notOpened(change, why, _ -> IgdError.ACTION_FAILED);
        steps.pending().put(change.withoutCaller().until(now.plus(policy.orphanPatience())));
    }

    private void failed(Pending change, Change.Add add, String why, Function<Caller, IgdError> error) {
        notOpened(change, why, error);
        withdraw(change, add);
    }

    /** UPnP has few words for what went wrong, so the log says it too. */
    private void notOpened(Pending change, String why, Function<Caller, IgdError> error) {
        change.caller().ifPresent(caller -> {
            steps.audit(AuditRecord.of(What.REFUSED, change.change().mapping(), why));
            steps.failed(change, error.apply(caller));
        });
    }

    /** Undoes what was asked of PCP, and the reservation; an entry that was only being renewed stays. */
    private void withdraw(Pending change, Change.Add add) {
        steps.pending().remove(change);
        if (add.before().isEmpty()) {
            var out = steps.out();
            out.add(new IwfEffect.ReleasePcp(out.nextId(), add.mapping().pcpKey()));
            natPorts.release(add.mapping());
        }
    }

    void natDone(Pending change, Change.Add add, boolean done) {
        if (!done) {
            failed(change, add, "the gateway's own NAT failed", _ -> IgdError.ACTION_FAILED);
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
        withdraw(change, add);
    }

    void saved(Pending change, Change.Add add, boolean saved) {
        if (!saved) {
            notStored(change, add);
            return;
        }
        var mapping = add.mapping();
        steps.pending().remove(change);
        left(add).ifPresent(before -> table.remove(before.key()));
        table.put(mapping);
        steps.audit(AuditRecord.of(What.OPENED, mapping, ""));
        if (change.caller().isEmpty() && add.before().isEmpty()) {
            removals.doom(mapping, Ending.UNTOLD);
        }
        steps.reply(
                change,
                switch (mapping.choice()) {
                    case EXACTLY -> new IgdReply.Done();
                    case ANY -> new IgdReply.ReservedPort(mapping.key().externalPort());
                });
    }

    private void notStored(Pending change, Change.Add add) {
        notOpened(change, "it could not be stored", _ -> IgdError.ACTION_FAILED);
        if (add.before().isPresent()) {
            withdraw(change, add);
        } else {
            steps.undoNat(change.withoutCaller());
        }
    }

    void late(Pending change, Change.Add add, MonoTime now) {
        if (change.stage() != Stage.PCP) {
            steps.pending().put(change.withoutCaller());
            notOpened(change, "the gateway itself has not done it in time", _ -> IgdError.ACTION_FAILED);
        } else if (change.caller().isEmpty()) {
            withdraw(change, add);
        } else {
            orphan(change, add, "the PCP server has not answered in time", now);
        }
    }
}
