package io.portreeve.igd.iwf;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.Pending.Caller;
import io.portreeve.igd.iwf.Pending.Change;
import io.portreeve.igd.iwf.Pending.Stage;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The changes of the table that are under way: NAT port, PCP, NAT rule, store, reply. Each step's outcome is an event, and a
 * step that fails undoes those before it. Source: RFC 6970 sections 5.5, 5.6, 5.8.
 */
final class Changes {
    private final IwfPolicy policy;
    private final PortMappingTable table;
    private final NatPorts natPorts;
    private final Outbox out;
    private final PendingTable pending = new PendingTable();

    /** Entries that the provider serves no more, and whose turn to go has not come. */
    private final Set<PortMappingKey> doomed = new LinkedHashSet<>();

    Changes(IwfPolicy policy, PortMappingTable table, NatPorts natPorts, Outbox out) {
        this.policy = policy;
        this.table = table;
        this.natPorts = natPorts;
        this.out = out;
    }

    boolean isIdle() {
        return pending.isEmpty();
    }

    /** {@return true if no change is under way that a call about {@code key} must wait for} */
    boolean isFree(PortMappingKey key) {
        return pending.about(key).isEmpty();
    }

    boolean isFree(PortMapping mapping) {
        return isFree(mapping.key()) && pending.about(mapping.pcpKey()).isEmpty();
    }

    MonoTime nextDeadline() {
        return pending.nextDeadline();
    }

    /** Makes or renews {@code wanted}; the entry it renews leads where it leads. */
    void add(PortMapping wanted, Caller caller, MonoTime deadline) {
        var before = table.get(wanted.key());
        before.map(held -> Optional.of(wanted.through(held.natPort())))
                .orElseGet(() -> natPorts.reserve(wanted))
                .ifPresentOrElse(
                        reserved -> begin(new Change.Add(reserved, before), caller, deadline),
                        () -> out.fail(caller.call(), PcpErrors.noPortLeft(caller.face())));
    }

    private void begin(Change.Add add, Caller caller, MonoTime deadline) {
        var change = new Pending(out.nextId(), add, Optional.of(caller), Stage.PCP, deadline);
        var lifetime = add.mapping().lease().lifetime();
        if (add.before().filter(it -> it.lease().lifetime().equals(lifetime)).isPresent()) {
            changeNat(change); // the PCP mapping is as it should be
        } else {
            put(change);
            out.add(new IwfEffect.AskPcp(change.id(), add.mapping().pcpRequest()));
        }
    }

    /** {@return true if a request that failed for its caller, but goes on, is now waited for again} */
    boolean adopt(PortMapping wanted, PcpAddress requester, Caller caller, MonoTime deadline) {
        var orphan = pending.about(wanted.key()).filter(it -> it.isOrphanOf(wanted, requester));
        orphan.ifPresent(it -> put(it.adoptedBy(caller, wanted, deadline)));
        return orphan.isPresent();
    }

    void remove(PortMapping held, Optional<Caller> caller, MonoTime deadline) {
        var change = new Pending(out.nextId(), new Change.Remove(held), caller, Stage.PCP, deadline);
        put(change);
        table.removing(held);
        out.add(new IwfEffect.ReleasePcp(change.id(), held.pcpKey()));
    }

    /** An entry that the provider no longer serves as it was asked for is none: the control point finds it gone. */
    void doom(PortMapping held) {
        doomed.add(held.key());
    }

    /** Removes the doomed entries that no change is under way for. */
    void reap(MonoTime now) {
        for (var key : List.copyOf(doomed)) {
            if (isFree(key)) {
                doomed.remove(key);
                table.get(key).ifPresent(held -> remove(held, Optional.empty(), now.plus(policy.deadline())));
            }
        }
    }

    void pcpAnswered(long id, MappingOutcome outcome, MonoTime now) {
        waitingFor(Stage.PCP, id).ifPresent(change -> {
            switch (change.change()) {
                case Change.Add add -> added(change, add, outcome, now);
                case Change.Remove _ -> released(change, outcome);
            }
        });
    }

    /** A request whose caller was told that nobody can be reached has succeeded after all. */
    void granted(MappingKey key, int externalPort) {
        pending.about(key).filter(change -> change.stage() == Stage.PCP).ifPresent(change -> {
            boolean asAsked = change.change().mapping().key().externalPort() == externalPort;
            if (asAsked && change.change() instanceof Change.Add add) {
                succeeded(change, add);
            }
        });
    }

    private void succeeded(Pending change, Change.Add add) {
        doomed.remove(add.mapping().key());
        if (change.caller().isPresent()) {
            changeNat(change);
        } else {
            withdraw(change, add);
        }
    }

    private Optional<Pending> waitingFor(Stage stage, long id) {
        return pending.get(id).filter(change -> change.stage() == stage);
    }

    private void added(Pending change, Change.Add add, MappingOutcome outcome, MonoTime now) {
        switch (outcome) {
            case MappingOutcome.Granted _ -> succeeded(change, add);
            case MappingOutcome.Refused refused ->
                failed(change, add, PcpErrors.explained(refused), caller -> PcpErrors.onAdd(refused, caller.face()));
            case MappingOutcome.HeldByOther(var owner) ->
                failed(change, add, owner + " on this gateway has it", _ -> IgdError.CONFLICT);
            case MappingOutcome.Released() -> failed(change, add, "it was released", _ -> IgdError.ACTION_FAILED);
            case MappingOutcome.Unreachable() -> orphan(change, add, "nobody listens at the PCP server", now);
        }
    }

    /** Its caller is told that it failed, but it goes on: a late success is adopted if the caller asks again, else undone. */
    private void orphan(Pending change, Change.Add add, String why, MonoTime now) {
        if (add.before().isPresent()) {
            failed(change, add, why, _ -> IgdError.ACTION_FAILED);
            return;
        }
        notOpened(change, why, _ -> IgdError.ACTION_FAILED);
        put(change.orphaned(now.plus(policy.orphanPatience())));
    }

    private void failed(Pending change, Change.Add add, String why, Function<Caller, IgdError> error) {
        notOpened(change, why, error);
        withdraw(change, add);
    }

    /** UPnP has few words for what went wrong, so the log says it too. */
    private void notOpened(Pending change, String why, Function<Caller, IgdError> error) {
        change.caller().ifPresent(caller -> {
            out.add(new IwfEffect.Audit("not opened " + change.change().mapping() + ": " + why));
            out.fail(caller.call(), error.apply(caller));
        });
    }

    /** Undoes what was asked of PCP, and the reservation; an entry that was only being renewed stays. */
    private void withdraw(Pending change, Change.Add add) {
        pending.remove(change);
        if (add.before().isEmpty()) {
            out.add(new IwfEffect.ReleasePcp(out.nextId(), add.mapping().pcpKey()));
            natPorts.release(add.mapping());
        }
    }

    /** A server that refuses or is silent does not keep an entry alive for control points; the client goes on deleting. */
    private void released(Pending change, MappingOutcome outcome) {
        if (outcome instanceof MappingOutcome.Refused refused) {
            change.caller().ifPresent(caller -> out.fail(caller.call(), PcpErrors.onDelete(refused, caller.face())));
            out.add(new IwfEffect.Audit(
                    "the provider did not delete " + change.change().mapping() + ": " + refused));
            changeNat(change.orphaned(MonoTime.NEVER));
        } else {
            changeNat(change);
        }
    }

    private void changeNat(Pending change) {
        put(change.at(Stage.NAT));
        var rule = change.change().mapping().natRule();
        out.add(new IwfEffect.ChangeNat(
                change.id(),
                switch (change.change()) {
                    case Change.Add _ -> new NatChange.Install(rule);
                    case Change.Remove _ -> new NatChange.Remove(rule);
                }));
    }

    void natDone(long id, boolean done) {
        waitingFor(Stage.UNDO, id).ifPresent(change -> ruleRemoved(change, done));
        waitingFor(Stage.NAT, id).ifPresent(change -> {
            switch (change.change()) {
                case Change.Add add
                when !done -> failed(change, add, "the gateway's own NAT failed", _ -> IgdError.ACTION_FAILED);
                case Change.Add(var mapping, var _) -> store(change, new IwfEffect.Save(id, mapping));
                case Change.Remove _ -> ruleRemoved(change, done);
            }
        });
    }

    private void ruleRemoved(Pending change, boolean done) {
        if (!done) {
            natPorts.retire(change.change().mapping());
        }
        switch (change.change()) {
            case Change.Add add -> withdraw(change, add);
            case Change.Remove(var mapping) -> store(change, new IwfEffect.Erase(change.id(), mapping.key()));
        }
    }

    private void store(Pending change, IwfEffect effect) {
        put(change.at(Stage.STORE));
        out.add(effect);
    }

    void saved(long id, boolean saved) {
        waitingFor(Stage.STORE, id).ifPresent(change -> {
            switch (change.change()) {
                case Change.Add add when !saved -> notStored(change, add);
                case Change.Add(var mapping, var _) -> {
                    table.put(mapping);
                    done(change, "opened " + mapping);
                }
                case Change.Remove(var mapping) when !saved -> notErased(change, mapping);
                case Change.Remove(var mapping) -> {
                    forget(mapping);
                    done(change, "closed " + mapping);
                }
            }
        });
    }

    /** The rule goes first: what it led to must not get its port, or its PCP mapping, before. */
    private void notStored(Pending change, Change.Add add) {
        notOpened(change, "it could not be stored", _ -> IgdError.ACTION_FAILED);
        if (add.before().isPresent()) {
            withdraw(change, add);
            return;
        }
        put(change.at(Stage.UNDO));
        out.add(new IwfEffect.ChangeNat(
                change.id(), new NatChange.Remove(add.mapping().natRule())));
    }

    private void forget(PortMapping mapping) {
        table.remove(mapping.key());
        natPorts.release(mapping);
    }

    /** PCP and NAT have ended it, but a restart brings it back: no control point may hear that it is gone. */
    private void notErased(Pending change, PortMapping mapping) {
        pending.remove(change);
        forget(mapping);
        out.add(new IwfEffect.Audit("closed " + mapping + " until the next start: it is still stored"));
        change.caller().ifPresent(caller -> out.fail(caller.call(), IgdError.ACTION_FAILED));
    }

    private void done(Pending change, String audit) {
        pending.remove(change);
        out.add(new IwfEffect.Audit(audit));
        change.caller().ifPresent(caller -> out.reply(caller.call(), new IgdReply.Done()));
    }

    /** Ends the waiting for PCP of every change whose deadline has come. */
    void due(MonoTime now) {
        pending.due(now).forEach(change -> late(change, now));
    }

    private void late(Pending change, MonoTime now) {
        switch (change.change()) {
            case Change.Add add when change.caller().isEmpty() -> withdraw(change, add);
            case Change.Add add -> orphan(change, add, "the PCP server has not answered in time", now);
            case Change.Remove _ -> changeNat(change);
        }
    }

    private void put(Pending change) {
        pending.put(change);
    }
}
