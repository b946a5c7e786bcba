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

/** The calls that change the table and whose turn has not come: those about one port wait for each other. */
final class WaitingCalls {

    /** @param caller who is told what became of it */
    private record Waiting(IwfEvent.Call call, Caller caller) {}

    private final IwfPolicy policy;
    private final PortMappingTable table;
    private final Admission admission;
    private final Changes changes;
    private final Outbox out;
    private final List<Waiting> queue = new ArrayList<>();

    WaitingCalls(IwfPolicy policy, PortMappingTable table, Admission admission, Changes changes, Outbox out) {
        this.policy = policy;
        this.table = table;
        this.admission = admission;
        this.changes = changes;
        this.out = out;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    MonoTime nextDeadline() {
        return queue.isEmpty() ? MonoTime.NEVER : queue.getFirst().caller().replyBy();
    }

    void add(IwfEvent.Call call, MonoTime now) {
        queue.add(new Waiting(call, new Caller(call.id(), call.face(), now.plus(policy.deadline()))));
    }

    /** Those who have waited too long are told so. */
    void due(MonoTime now) {
        while (!now.isBefore(nextDeadline())) {
            out.fail(queue.removeFirst().call().id(), IgdError.ACTION_FAILED);
        }
    }

    /** Begins every call that nothing blocks any more. */
    void wake(MonoTime now) {
        for (var waiting : List.copyOf(queue)) {
            boolean begun = switch (waiting.call().action()) {
                case Add add -> add(waiting, add, now);
                case DeletePortMapping(var key) -> delete(waiting, key);
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
        if (action.enabled() && changes.adopt(wanted, call.requester(), waiting.caller())) {
            return true;
        }
        if (!changes.isFree(wanted)) {
            return false;
        }
        var refusal = admission.refuses(action, wanted, call);
        if (refusal.isPresent()) {
            out.fail(call.id(), refusal.get());
            return true;
        }
        var before = table.get(wanted.key());
        if (before.isPresent() && !before.get().leadsWhere(wanted)) {
            changes.remove(before.get(), Optional.empty(), waiting.caller().replyBy()); // another mapping for PCP
            return false;
        }
        changes.add(wanted, waiting.caller());
        return true;
    }

    /** Who is content with any port keeps the one that the service has, and has another one if a wanted one is taken. */
    private PortMapping wanted(Add action, Lease lease) {
        if (!(action instanceof AddAnyPortMapping)) {
            return PortMapping.of(action.key(), action, PortChoice.EXACTLY, lease);
        }
        var wanted = PortMapping.of(action.key(), action, PortChoice.ANY, lease);
        var held = table.get(wanted.pcpKey());
        int port = held.isPresent()
                ? held.get().key().externalPort()
                : table.isTaken(wanted) ? 0 : action.key().externalPort();
        return wanted.on(port);
    }

    private boolean delete(Waiting waiting, PortMappingKey key) {
        if (!changes.isFree(key)) {
            return false;
        }
        var call = waiting.call();
        var held = table.get(key);
        var refusal = held.isEmpty()
                ? Optional.of(IgdError.NO_SUCH_ENTRY)
                : admission.refuses(held.get(), call.requester(), call.face());
        refusal.ifPresentOrElse(
                error -> out.fail(call.id(), error),
                () -> changes.remove(
                        held.orElseThrow(),
                        Optional.of(waiting.caller()),
                        waiting.caller().replyBy()));
        return true;
    }

    /** What others have is skipped: nobody is authenticated here, so nobody manages the entries of others. */
    private boolean delete(Waiting waiting, PortRange range) {
        var call = waiting.call();
        var refusal = admission.refuses(range, call.face());
        if (refusal.isPresent()) {
            out.fail(call.id(), refusal.get());
            return true;
        }
        var own = table.in(range).stream()
                .filter(held ->
                        admission.refuses(held, call.requester(), call.face()).isEmpty())
                .toList();
        if (own.isEmpty()) {
            out.fail(call.id(), IgdError.PORT_MAPPING_NOT_FOUND);
            return true;
        }
        if (!own.stream().allMatch(changes::isFree)) {
            return false;
        }
        changes.removeAll(own, waiting.caller());
        return true;
    }
}
