package io.portreeve.igd.iwf;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingView;
import io.portreeve.igd.iwf.IgdAction.AddPortMapping;
import io.portreeve.igd.iwf.IgdAction.DeletePortMapping;
import io.portreeve.igd.iwf.Pending.Caller;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * UPnP IGD on one side, PCP on the other, and nothing of the world.
 *
 * <pre>
 *   control point --Call--->  +--------------+  --AskPcp, ReleasePcp--> PCP client
 *                 <--Reply--  | Interworking |  --ChangeNat-----------> the gateway's own NAT
 *   clock ---------Due----->  +--------------+  --Save, Erase---------> store
 * </pre>
 *
 * Listings are answered in the same step; calls about one port wait for each other, all others pass; every call gets exactly
 * one reply by its deadline. Source: RFC 6970 section 5.
 */
public final class Interworking {

    /** A call whose turn has not come. */
    private record Waiting(IwfEvent.Call call, MonoTime deadline) {
        Caller caller() {
            return new Caller(call.id(), call.face());
        }
    }

    private final IwfPolicy policy;
    private final PortMappingTable table = new PortMappingTable();
    private final Outbox out = new Outbox();
    private final NatPorts natPorts;
    private final Admission admission;
    private final Changes changes;
    private final Sentinel sentinel;
    private final Map<Long, PortMappingKey> restoring = new HashMap<>();
    private final List<Waiting> queue = new ArrayList<>();
    private Optional<PcpAddress> external = Optional.empty();
    private Optional<MonoTime> wanSince = Optional.empty();

    public Interworking(IwfPolicy policy) {
        this.policy = policy;
        admission = new Admission(table, policy);
        natPorts = new NatPorts(policy);
        changes = new Changes(policy, table, natPorts, out);
        sentinel = new Sentinel(policy.sentinelLifetime(), out);
    }

    /**
     * {@return what to do first after a start}
     *
     * @param stored the entries an earlier run left
     * @param mapped what the PCP client still keeps; what has no entry is released, what is missing is asked for again
     */
    public List<IwfEffect> start(Collection<PortMapping> stored, Collection<MappingView> mapped) {
        var kept = new LinkedHashMap<MappingKey, MappingView>();
        for (var view : mapped) {
            if (view.owner().equals(PortMapping.OWNER)) {
                kept.put(view.key(), view);
                view.external().ifPresent(endpoint -> externalIs(Optional.of(endpoint.address())));
            }
        }
        restore(stored);
        var missing = new ArrayList<PortMapping>();
        for (var mapping : table.all()) {
            if (!serves(kept.remove(mapping.pcpKey()), mapping)) {
                missing.add(mapping);
            }
        }
        sentinel.adopt(kept.keySet()).ifPresent(kept::remove);
        // before the asking: what is released may hold the very port that is asked for
        kept.keySet().forEach(key -> out.add(new IwfEffect.ReleasePcp(out.nextId(), key)));
        missing.forEach(this::askAgain);
        keepSentinel();
        return out.drain();
    }

    /** Entries stored by a gateway that translated, while this one does not, or the other way round, are stored anew. */
    private void restore(Collection<PortMapping> stored) {
        var before = new HashSet<>(stored);
        for (var mapping : natPorts.restore(stored)) {
            table.put(mapping);
            if (!before.contains(mapping)) {
                out.add(new IwfEffect.Save(out.nextId(), mapping));
            }
        }
    }

    /** {@return what the gateway's own NAT holds for the entries there are} */
    public List<NatRule> natRules() {
        return table.all().stream().map(PortMapping::natRule).toList();
    }

    /** A mapping that moved in the moment before the crash is asked for again, as the entry has it. */
    private static boolean serves(MappingView view, PortMapping mapping) {
        return view != null
                && view.external()
                        .filter(endpoint -> endpoint.port() != mapping.key().externalPort())
                        .isEmpty();
    }

    private void askAgain(PortMapping mapping) {
        long id = out.nextId();
        restoring.put(id, mapping.key());
        out.add(new IwfEffect.AskPcp(id, mapping.pcpRequest()));
    }

    /** {@return when something is due by itself} */
    public MonoTime nextDue() {
        var due = table.nextEnd(changes::isFree).earlier(changes.nextDeadline());
        for (var waiting : queue) {
            due = due.earlier(waiting.deadline());
        }
        return due;
    }

    /** {@return what must be done about {@code event}, in order} */
    public List<IwfEffect> handle(IwfEvent event, MonoTime now) {
        switch (event) {
            case IwfEvent.Call call -> call(call, now);
            case IwfEvent.PcpAnswered(long id, var outcome) -> pcpAnswered(id, outcome, now);
            case IwfEvent.PcpChanged(var change) -> pcpChanged(change);
            case IwfEvent.NatDone(long id, boolean done) -> changes.natDone(id, done);
            case IwfEvent.Saved(long id, boolean saved) -> changes.saved(id, saved);
            case IwfEvent.WanChanged(var address) -> wanSince = address.map(_ -> wanSince.orElse(now));
            case IwfEvent.Due() -> due(now);
        }
        changes.reap(now);
        wake(now);
        keepSentinel();
        return out.drain();
    }

    private void call(IwfEvent.Call call, MonoTime now) {
        switch (call.action()) {
            case AddPortMapping _, DeletePortMapping _ -> queue.add(new Waiting(call, now.plus(policy.deadline())));
            case IgdAction.GetSpecificPortMappingEntry(var key) -> out.reply(call.id(), specific(call, key, now));
            case IgdAction.GetGenericPortMappingEntry(int index) -> out.reply(call.id(), generic(call, index, now));
            case IgdAction.GetExternalIPAddress() -> out.reply(call.id(), new IgdReply.ExternalAddress(external));
            case IgdAction.GetStatusInfo() -> out.reply(call.id(), status(now));
            case IgdAction.GetConnectionTypeInfo() ->
                out.reply(call.id(), new IgdReply.ConnectionTypeInfo("IP_Routed"));
            case IgdAction.GetNATRSIPStatus() -> out.reply(call.id(), new IgdReply.NatRsipStatus(false, true));
        }
    }

    private IgdReply specific(IwfEvent.Call call, PortMappingKey key, MonoTime now) {
        return table.get(key)
                .map(held -> readable(call, held, now))
                .orElse(new IgdReply.Failed(IgdError.NO_SUCH_ENTRY));
    }

    private IgdReply readable(IwfEvent.Call call, PortMapping held, MonoTime now) {
        return admission
                .refuses(held, call.requester(), call.face())
                .<IgdReply>map(IgdReply.Failed::new)
                .orElse(held.entry(now));
    }

    /** The v1 face lists everything to everybody: a filtered list would have holes. */
    private IgdReply generic(IwfEvent.Call call, int index, MonoTime now) {
        return table.at(index)
                .map(held -> call.face() == IgdFace.V1 ? held.entry(now) : readable(call, held, now))
                .orElse(new IgdReply.Failed(IgdError.INVALID_INDEX));
    }

    private IgdReply status(MonoTime now) {
        long uptime = wanSince.map(since -> since.until(now).toSeconds()).orElse(0L);
        return new IgdReply.Status(wanSince.isPresent(), uptime);
    }

    /** Begins every waiting call that nothing blocks any more. */
    private void wake(MonoTime now) {
        for (var waiting : List.copyOf(queue)) {
            boolean begun = switch (waiting.call().action()) {
                case AddPortMapping add -> add(waiting, add, now);
                case DeletePortMapping(var key) -> delete(waiting, key);
                default -> throw new AssertionError("only changes wait");
            };
            if (begun) {
                queue.remove(waiting);
            }
        }
    }

    private boolean add(Waiting waiting, AddPortMapping action, MonoTime now) {
        var call = waiting.call();
        var lease = Lease.of(action.leaseSeconds(), call.face(), now);
        var wanted = new PortMapping(
                action.key(), action.internalPort(), action.internalClient(), action.description(), lease);
        if (action.enabled() && changes.adopt(wanted, call.requester(), waiting.caller(), waiting.deadline())) {
            return true;
        }
        if (!changes.isFree(wanted)) {
            return false;
        }
        var refusal = admission.refuses(action, call.requester(), call.face());
        if (refusal.isPresent()) {
            out.fail(call.id(), refusal.get());
            return true;
        }
        var before = table.get(wanted.key());
        if (before.isPresent() && !before.get().leadsWhere(wanted)) {
            changes.remove(before.get(), Optional.empty(), waiting.deadline()); // another mapping for PCP
            return false;
        }
        changes.add(wanted, waiting.caller(), waiting.deadline());
        return true;
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
                () -> changes.remove(held.orElseThrow(), Optional.of(waiting.caller()), waiting.deadline()));
        return true;
    }

    private void pcpAnswered(long id, MappingOutcome outcome, MonoTime now) {
        if (outcome instanceof MappingOutcome.Granted(var endpoint, var _, var _)) {
            externalIs(Optional.of(endpoint.address()));
        }
        var restored = restoring.remove(id);
        boolean refused = outcome instanceof MappingOutcome.Refused || outcome instanceof MappingOutcome.HeldByOther;
        if (restored != null && refused) {
            table.get(restored).ifPresent(changes::doom);
        }
        sentinel.answered(id, outcome);
        changes.pcpAnswered(id, outcome, now);
    }

    private void pcpChanged(MappingEvent event) {
        var held = table.get(event.key());
        switch (event) {
            case MappingEvent.Granted(var key, var endpoint) -> {
                externalIs(Optional.of(endpoint.address()));
                changes.granted(key, endpoint.port());
                held.filter(it -> it.key().externalPort() != endpoint.port()).ifPresent(changes::doom);
            }
            case MappingEvent.Lost(var key) -> {
                if (sentinel.is(key)) {
                    externalIs(Optional.empty());
                }
                held.ifPresent(changes::doom);
            }
        }
    }

    private void externalIs(Optional<PcpAddress> address) {
        if (!external.equals(address)) {
            external = address;
            out.add(new IwfEffect.Announce(address));
        }
    }

    private void due(MonoTime now) {
        table.ended(now).stream().filter(changes::isFree).forEach(changes::doom);
        changes.due(now);
        for (var waiting : List.copyOf(queue)) {
            if (!now.isBefore(waiting.deadline())) {
                queue.remove(waiting);
                out.fail(waiting.call().id(), IgdError.ACTION_FAILED);
            }
        }
    }

    /** Only an idle gateway needs the sentinel: any other mapping tells the external address too. */
    private void keepSentinel() {
        if (!queue.isEmpty() || !changes.isIdle()) {
            return; // what is under way decides whether the gateway stays idle
        }
        if (!table.isEmpty()) {
            sentinel.release();
        } else if (wanSince.isPresent()) {
            sentinel.want();
        }
    }
}
