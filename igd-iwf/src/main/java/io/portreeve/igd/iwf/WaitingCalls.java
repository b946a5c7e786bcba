package io.portreeve.igd.iwf;

import io.portreeve.igd.iwf.IgdAction.Add;
import io.portreeve.igd.iwf.IgdAction.AddAnyPortMapping;
import io.portreeve.igd.iwf.IgdAction.DeletePortMapping;
import io.portreeve.igd.iwf.IgdAction.DeletePortMappingRange;
import io.portreeve.igd.iwf.Pending.Caller;
import io.portreeve.pcp.MonoTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The calls that change the table and whose turn has not come: those about one port wait for each other. */
final class WaitingCalls {

    /** @param caller who is told what became of it */
    private record Waiting(IwfEvent.Call call, Caller caller) {}

    private final Supplier<IwfPolicy> policy;
    private final PortMappingTable table;
    private final Admission admission;
    private final Denials denials;
    private final Changes changes;
    private final Probes probes;
    private final Outbox out;
    private final List<Waiting> queue = new ArrayList<>();

    WaitingCalls(
            Supplier<IwfPolicy> policy,
            PortMappingTable table,
            Admission admission,
            Denials denials,
            Changes changes,
            Probes probes,
            Outbox out) {
        this.policy = policy;
        this.table = table;
        this.admission = admission;
        this.denials = denials;
        this.changes = changes;
        this.probes = probes;
        this.out = out;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    MonoTime nextDeadline() {
        return queue.stream().map(it -> it.caller().replyBy()).reduce(MonoTime.NEVER, MonoTime::earlier);
    }

    void add(IwfEvent.Call call, MonoTime now) {
        queue.add(new Waiting(
                call, new Caller(call.id(), call.face(), now.plus(policy.get().deadline(call.action())))));
    }

    /** Those who have waited too long are told so. Not all wait equally long, so the first in the queue may not be the first to go. */
    void due(MonoTime now) {
        for (var waiting : List.copyOf(queue)) {
            if (!now.isBefore(waiting.caller().replyBy())) {
                queue.remove(waiting);
                out.fail(waiting.call().id(), IgdError.ACTION_FAILED);
            }
        }
    }

    /** Begins every call that nothing blocks any more. */
    void wake(MonoTime now) {
        for (var waiting : List.copyOf(queue)) {
            boolean begun = switch (waiting.call().action()) {
                case Add add -> add(waiting, add, now);
                case DeletePortMapping(var key) -> delete(waiting, key, now);
                case DeletePortMappingRange(var range, boolean _) -> delete(waiting, range);
                default -> throw new AssertionError("only changes wait");
            };
            if (begun) {
                queue.remove(waiting);
            }
        }
    }

    private boolean add(Waiting waiting, Add action, MonoTime now) {
        var call = waiting.call();
        var wanted = wanted(action, Lease.of(action.leaseSeconds(), call.face(), now));
        var forbidden = admission.forbids(action, call);
        if (forbidden.isPresent()) {
            denials.deny(call, Optional.of(wanted.audited()), forbidden.get(), now);
            return true;
        }
        if (changes.adopt(wanted, waiting.caller(), now)) {
            return true;
        }
        if (!changes.isFree(wanted)) {
            return false;
        }
        var refusal = admission.refuses(wanted, call.face());
        if (refusal.isPresent()) {
            denials.deny(call, Optional.of(wanted.audited()), refusal.get(), now);
            return true;
        }
        var forestalled = changes.forestalls(wanted, call.face(), now);
        if (forestalled.isPresent()) {
            denials.deny(call, Optional.of(wanted.audited()), forestalled.get(), now);
            return true;
        }
        var before = table.get(wanted.key());
        if (before.isPresent() && !before.get().leadsWhere(wanted)) {
            // another mapping for PCP
            changes.remove(
                    before.get(),
                    Ending.REPLACED,
                    Optional.empty(),
                    waiting.caller().replyBy());
            return false;
        }
        var lookedFor = probes.yieldTo(wanted);
        changes.add(lookedFor.map(it -> wanted.through(it.natPort())).orElse(wanted), waiting.caller(), now);
        return true;
    }

    /** Who is content with any port keeps the one that the service has, and has another one if a wanted one is taken. */
    private PortMapping wanted(Add action, Lease lease) {
        if (!(action instanceof AddAnyPortMapping)) {
            return PortMapping.of(action.key(), action, PortChoice.EXACTLY, lease);
        }
        var wanted = PortMapping.of(action.key(), action, PortChoice.ANY, lease);
        int port = held(wanted)
                .map(held -> held.key().externalPort())
                .orElseGet(() -> admission.isTaken(wanted) ? 0 : action.key().externalPort());
        return wanted.on(port);
    }

    /** {@return the entry that the service of {@code wanted} has, on whatever port} A gateway that translates may have several. */
    private Optional<PortMapping> held(PortMapping wanted) {
        return table.get(wanted.key())
                .filter(held -> held.leadsWhere(wanted))
                .or(() -> table.get(wanted.pcpKey()))
                .or(() -> table.of(wanted.internalClient()).stream()
                        .filter(held -> held.choice() == PortChoice.ANY
                                && held.key().on(0).equals(wanted.key().on(0))
                                && held.leadsWhere(wanted))
                        .findFirst());
    }

    private boolean delete(Waiting waiting, PortMappingKey key, MonoTime now) {
        if (!changes.isFree(key)) {
            return false;
        }
        var call = waiting.call();
        var hidden = admission.refuses(key, call.face());
        if (hidden.isPresent()) {
            out.fail(call.id(), hidden.get());
            return true;
        }
        table.get(key)
                .ifPresentOrElse(held -> delete(waiting, held, now), () -> out.fail(call.id(), IgdError.NO_SUCH_ENTRY));
        return true;
    }

    private void delete(Waiting waiting, PortMapping held, MonoTime now) {
        var call = waiting.call();
        var caller = waiting.caller();
        admission
                .access()
                .refuses(held, call.requester(), call.face())
                .ifPresentOrElse(
                        error -> denials.deny(
                                call, Optional.of(held.audited()), new Denial(error, "it may not delete that"), now),
                        () -> changes.remove(
                                held, Ending.askedBy(call.requester()), Optional.of(caller), caller.replyBy()));
    }

    private boolean delete(Waiting waiting, PortRange range) {
        var call = waiting.call();
        var refusal = admission.refuses(range, call.face());
        if (refusal.isPresent()) {
            out.fail(call.id(), refusal.get());
            return true;
        }
        var own = admission.own(range, call);
        if (own.isEmpty()) {
            out.fail(call.id(), IgdError.PORT_MAPPING_NOT_FOUND);
            return true;
        }
        if (!own.stream().allMatch(changes::isFree)) {
            return false;
        }
        changes.removeAll(own, Ending.askedBy(call.requester()), waiting.caller());
        return true;
    }
}
