package io.portreeve.igd.iwf;

import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.Pending.Caller;
import io.portreeve.igd.iwf.Pending.Change;
import io.portreeve.igd.iwf.Pending.Stage;
import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Entries that go: PCP, NAT rule, store, reply. Source: RFC 6970 section 5.8. */
final class Removals {
    /** What is left of the time for a reply when PCP is waited for no longer: for the gateway's own NAT and disk. */
    private static final Duration FOR_THE_GATEWAY = Duration.ofSeconds(1);

    private final IwfPolicy policy;
    private final PortMappingTable table;
    private final NatPorts natPorts;
    private final Steps steps;

    /** Entries that the provider serves no more, and whose turn to go has not come. */
    private final Set<PortMappingKey> doomed = new LinkedHashSet<>();

    /** Which removals are to be seen together, by the number of each. */
    private final Map<Long, Set<Long>> together = new HashMap<>();

    /** The removals that only wait for others: true if they are on disk. */
    private final Map<Long, Boolean> erased = new HashMap<>();

    Removals(IwfPolicy policy, PortMappingTable table, NatPorts natPorts, Steps steps) {
        this.policy = policy;
        this.table = table;
        this.natPorts = natPorts;
        this.steps = steps;
    }

    long remove(PortMapping held, Optional<Caller> caller, MonoTime replyBy) {
        long id = steps.out().nextId();
        var patience = replyBy.plus(FOR_THE_GATEWAY.negated());
        steps.pending().put(new Pending(id, new Change.Remove(held), caller, Stage.PCP, patience));
        table.removing(held);
        steps.out().add(new IwfEffect.ReleasePcp(id, held.pcpKey()));
        return id;
    }

    /** Removes {@code entries} in such a way that nobody sees some of them gone and others not. */
    void removeAll(List<PortMapping> entries, Caller caller) {
        var all = new LinkedHashSet<Long>();
        for (var entry : entries) {
            long id = remove(entry, all.isEmpty() ? Optional.of(caller) : Optional.empty(), caller.replyBy());
            all.add(id);
            together.put(id, all);
        }
    }

    /** An entry that the provider no longer serves as it was asked for is none: the control point finds it gone. */
    void doom(PortMapping held) {
        doomed.add(held.key());
    }

    /** It is served again. */
    void spare(PortMappingKey key) {
        doomed.remove(key);
    }

    /** Removes the doomed entries that no change is under way for. */
    void reap(MonoTime now) {
        for (var key : List.copyOf(doomed)) {
            if (steps.pending().about(key).isEmpty()) {
                doomed.remove(key);
                table.get(key).ifPresent(held -> remove(held, Optional.empty(), now.plus(policy.deadline())));
            }
        }
    }

    /** A server that refuses or is silent does not keep an entry alive for control points; the client goes on deleting. */
    void pcpAnswered(Pending change, MappingOutcome outcome) {
        if (outcome instanceof MappingOutcome.Refused refused) {
            steps.audit("the provider did not delete " + change.change().mapping() + ": " + refused);
            steps.changeNat(together.containsKey(change.id()) ? change : relayed(change, refused));
        } else {
            steps.changeNat(change);
        }
    }

    private Pending relayed(Pending change, MappingOutcome.Refused refused) {
        return change.caller()
                .map(caller -> steps.failed(change, PcpErrors.onDelete(refused, caller.face())))
                .orElse(change);
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
            all.forEach(id -> gone(steps.pending().get(id).orElseThrow(), erased.remove(id)));
            together.keySet().removeAll(all);
        }
    }

    /** PCP and NAT have ended it. If a restart brings it back, no control point may hear that it is gone. */
    private void gone(Pending change, boolean saved) {
        var mapping = change.change().mapping();
        steps.pending().remove(change);
        table.remove(mapping.key());
        natPorts.release(mapping);
        steps.audit("closed " + mapping + (saved ? "" : " until the next start: it is still stored"));
        steps.reply(change, saved ? new IgdReply.Done() : new IgdReply.Failed(IgdError.ACTION_FAILED));
    }

    void late(Pending change) {
        if (change.stage() == Stage.PCP) {
            steps.changeNat(change);
        } else {
            steps.pending().put(steps.failed(change, IgdError.ACTION_FAILED));
        }
    }
}
