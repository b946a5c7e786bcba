package io.portreeve.igd.iwf;

import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.AuditRecord.What;
import io.portreeve.igd.iwf.DeletionPolicy.WhenRefused;
import io.portreeve.igd.iwf.DeletionPolicy.WhileSilent;
import io.portreeve.igd.iwf.Pending.Caller;
import io.portreeve.igd.iwf.Pending.Change;
import io.portreeve.igd.iwf.Pending.Stage;
import io.portreeve.pcp.MonoTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Entries that go: PCP, NAT rule, store, reply. Source: RFC 6970 section 5.8. */
final class Removals {
    private final Supplier<IwfPolicy> policy;
    private final PortMappingTable table;
    private final NatPorts natPorts;
    private final Restoring restoring;
    private final Steps steps;

    /** Entries that the provider serves no more, and whose turn to go has not come. */
    private final Map<PortMappingKey, Ending> doomed = new LinkedHashMap<>();

    /** What the client was still deleting when nobody waited for it any more, by the number of the removal. */
    private final Map<Long, PortMapping> tombstones = new HashMap<>();

    /** Which removals are to be seen together, by the number of each. */
    private final Map<Long, Set<Long>> together = new HashMap<>();

    /** The removals that only wait for others: true if they are on disk. */
    private final Map<Long, Boolean> erased = new HashMap<>();

    Removals(Supplier<IwfPolicy> policy, PortMappingTable table, NatPorts natPorts, Restoring restoring, Steps steps) {
        this.policy = policy;
        this.table = table;
        this.natPorts = natPorts;
        this.restoring = restoring;
        this.steps = steps;
    }

    long remove(PortMapping held, Ending ending, Optional<Caller> caller, MonoTime replyBy) {
        long id = steps.out().nextId();
        var patience = replyBy.plus(Steps.FOR_THE_GATEWAY.negated());
        steps.pending().put(new Pending(id, new Change.Remove(held, ending), caller, Stage.PCP, patience));
        table.removing(held);
        steps.out().add(new IwfEffect.ReleasePcp(id, held.pcpKey()));
        return id;
    }

    /** Removes {@code entries} in such a way that nobody sees some of them gone and others not. */
    void removeAll(List<PortMapping> entries, Ending ending, Caller caller) {
        var all = new LinkedHashSet<Long>();
        for (var entry : entries) {
            long id = remove(entry, ending, all.isEmpty() ? Optional.of(caller) : Optional.empty(), caller.replyBy());
            all.add(id);
            together.put(id, all);
        }
    }

    /** An entry that the provider no longer serves as it was asked for is none: the control point finds it gone. */
    void doom(PortMapping held, Ending ending) {
        doomed.putIfAbsent(held.key(), ending);
    }

    /** It is served again. */
    void spare(PortMappingKey key) {
        doomed.remove(key);
    }

    /** Removes the doomed entries that no change is under way for; what is only being made goes when it is made. */
    void reap(MonoTime now) {
        for (var key : List.copyOf(doomed.keySet())) {
            var held = table.get(key);
            if (steps.pending().about(key).isEmpty()
                    && held.map(steps.pending()::isFree).orElse(true)) {
                var ending = doomed.remove(key);
                held.ifPresent(it -> remove(
                        it, ending, Optional.empty(), now.plus(policy.get().deadline())));
            }
        }
    }

    /** Success with a lifetime is one too: the mapping lives as long as its traffic does. RFC 6887 section 15. */
    void pcpAnswered(Pending change, Change.Remove remove, MappingOutcome outcome, MonoTime now) {
        switch (outcome) {
            case MappingOutcome.Refused refused -> refused(change, remove, refused, now);
            case MappingOutcome.Unreachable() -> unanswered(change, remove, now);
            case MappingOutcome.Granted _, MappingOutcome.Released _, MappingOutcome.HeldByOther _ ->
                steps.changeNat(change);
        }
    }

    private void refused(Pending change, Change.Remove remove, MappingOutcome.Refused refused, MonoTime now) {
        steps.audit(new AuditRecord(
                What.KEPT,
                remove.ending().host(),
                Optional.of(remove.mapping().audited()),
                PcpErrors.explained(refused)));
        if (mayStay(change) && policy.get().deletion().whenRefused() == WhenRefused.RELAY) {
            keep(change, remove, caller -> PcpErrors.onDelete(refused, caller.face()), now);
        } else {
            steps.changeNat(change);
        }
    }

    private void unanswered(Pending change, Change.Remove remove, MonoTime now) {
        if (mayStay(change) && policy.get().deletion().whileSilent() == WhileSilent.FAIL) {
            keep(change, remove, _ -> IgdError.ACTION_FAILED, now);
        } else {
            natPorts.bury(remove.mapping());
            steps.changeNat(change);
        }
    }

    /** What has no caller goes in any case, and of a range all goes or nothing. */
    private boolean mayStay(Pending change) {
        return change.caller().isPresent() && !together.containsKey(change.id());
    }

    /** PCP is asked again for what stays: the client would go on deleting it. RFC 6970 section 5.8. */
    private void keep(Pending change, Change.Remove remove, Function<Caller, IgdError> error, MonoTime now) {
        steps.failed(change, error.apply(change.caller().orElseThrow()));
        steps.pending().remove(change);
        table.staying(remove.mapping());
        restoring.ask(remove.mapping(), now);
    }

    /** The client has been told what became of deletion {@code id}; if that is late, nobody waits for it any more. */
    void deletedAtLast(long id) {
        Optional.ofNullable(tombstones.remove(id))
                .ifPresent(mapping ->
                        natPorts.unbury(mapping, table.get(mapping.pcpKey()).isEmpty()));
    }

    void natDone(Pending change, PortMapping mapping, boolean done) {
        if (!done) {
            natPorts.retire(mapping);
        }
        steps.store(change, new IwfEffect.Erase(change.id(), mapping.key()));
    }

    void saved(Pending change, boolean saved) {
        erased.put(change.id(), saved);
        var all = together.getOrDefault(change.id(), Set.of(change.id()));
        if (erased.keySet().containsAll(all)) {
            boolean allSaved = all.stream().allMatch(erased::get);
            all.forEach(id -> gone(steps.pending().get(id).orElseThrow(), erased.remove(id), allSaved));
            together.keySet().removeAll(all);
        }
    }

    /** PCP and NAT have ended it. If a restart brings it back, no control point may hear that it is gone. */
    private void gone(Pending change, boolean saved, boolean allSaved) {
        var mapping = change.change().mapping();
        steps.pending().remove(change);
        table.remove(mapping.key());
        natPorts.release(mapping);
        if (change.change() instanceof Change.Remove(var _, var ending)) {
            steps.audit(ending.of(mapping, saved ? "" : " (it is still stored, and would be back after a crash)"));
        }
        steps.reply(change, allSaved ? new IgdReply.Done() : new IgdReply.Failed(IgdError.ACTION_FAILED));
    }

    void late(Pending change, Change.Remove remove, MonoTime now) {
        if (change.stage() == Stage.PCP) {
            tombstones.put(change.id(), remove.mapping());
            unanswered(change, remove, now);
        } else {
            steps.pending().put(steps.failed(change, IgdError.ACTION_FAILED));
        }
    }
}
