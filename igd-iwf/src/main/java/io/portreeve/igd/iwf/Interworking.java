package io.portreeve.igd.iwf;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingView;
import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
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

    private IwfPolicy policy;
    private final PortMappingTable table = new PortMappingTable();
    private final Grants grants = new Grants();
    private final Outbox out = new Outbox(grants);
    private final Denials denials = new Denials(out);
    private final WanState wan;
    private final NatPorts natPorts;
    private final Unsynced unsynced;
    private final Changes changes;
    private final Hosts hosts;
    private final Unsaved unsaved;
    private final Shares shares;
    private final Admission admission;
    private final Probes probes;
    private final WaitingCalls waiting;
    private final Listings listings;
    private final Sentinel sentinel;
    private final Reconciliation reconciliation;

    public Interworking(IwfPolicy policy) {
        this.policy = policy;
        wan = new WanState(this::policy, table, grants, out);
        natPorts = new NatPorts(policy);
        var restoring = new Restoring(new PcpRequests(this::policy, wan::granted), out);
        unsynced = new Unsynced(table, restoring);
        changes = new Changes(this::policy, table, natPorts, restoring, unsynced, out);
        hosts = new Hosts(table, changes);
        unsaved = new Unsaved(table, changes, out);
        shares = new Shares(this::policy, table, changes);
        admission = new Admission(table, this::policy, shares);
        probes = new Probes(policy.deadline(), table, changes, natPorts, restoring.requests(), out);
        waiting = new WaitingCalls(this::policy, table, admission, denials, changes, probes, out);
        listings = new Listings(table, admission);
        sentinel = new Sentinel(policy.sentinelLifetime(), out);
        reconciliation = new Reconciliation(table, grants, restoring, unsynced, changes, sentinel, out);
    }

    /**
     * {@return what to do first after a start}
     *
     * @param stored what an earlier run left
     * @param mapped what the PCP client still keeps; what has no entry is released, what is missing is asked for again
     */
    public List<IwfEffect> start(StoredTable stored, Collection<MappingView> mapped, MonoTime now) {
        wan.countFrom(stored.updateId());
        restore(stored.entries());
        reconciliation.reconcile(mapped, now);
        keepSentinel();
        wan.settle(now);
        wan.publish();
        return drain();
    }

    private void providerIs(IwfEvent.ProviderChanged event, MonoTime now) {
        policy = policy.with(policy.access().using(event.portsInUse()));
        wan.providerChanged();
        probes.end();
        changes.providerChanged();
        reconciliation.reconcile(event.kept(), now);
    }

    private IwfPolicy policy() {
        return policy;
    }

    /** Entries there are stay, though their hosts might not have them any more. */
    private void policyIs(IwfEvent.PolicyChanged event) {
        var before = policy.quotas();
        policy = policy.with(event.access().using(policy.access().portsInUse()))
                .with(event.quotas())
                .with(event.deletion())
                .with(event.asking());
        shares.quotasWere(before);
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

    /** {@return by when every call has its reply} */
    public Duration longestAnswer() {
        return policy.longestAnswer();
    }

    /** {@return what the gateway's own NAT holds for the entries there are} */
    public List<NatRule> natRules() {
        return table.all().stream().map(PortMapping::natRule).toList();
    }

    /** {@return the highest SystemUpdateID that can be told once {@code changes} more are stored} Each counts once, or not at all. */
    public long updateIdAfter(int changes) {
        return wan.updateIdAfter(changes);
    }

    /** {@return when something is due by itself} */
    public MonoTime nextDue() {
        return table.nextEnd(changes::isFree)
                .earlier(changes.nextDeadline())
                .earlier(waiting.nextDeadline())
                .earlier(probes.nextDue())
                .earlier(unsaved.nextDue())
                .earlier(unsynced.nextDue())
                .earlier(hosts.nextDue())
                .earlier(wan.nextDue());
    }

    /** {@return what must be done about {@code event}, in order} */
    public List<IwfEffect> handle(IwfEvent event, MonoTime now) {
        switch (event) {
            case IwfEvent.Call call -> call(call, now);
            case IwfEvent.PcpAnswered(long id, var outcome) -> pcpAnswered(id, outcome, now);
            case IwfEvent.PcpChanged(var change) -> pcpChanged(change, now);
            case IwfEvent.NatDone(long id, boolean done) -> changes.natDone(id, done, now);
            case IwfEvent.Saved(long id, boolean saved) -> {
                unsaved.saved(id, saved, now);
                changes.saved(id, saved, now);
            }
            case IwfEvent.WanChanged(var address) -> wan.wanIs(address, now);
            case IwfEvent.LinkChanged(boolean up) -> wan.linkIs(up);
            case IwfEvent.ProviderChanged changed -> providerIs(changed, now);
            case IwfEvent.LanChanged(var networks) -> admission.lanIs(networks);
            case IwfEvent.HostLeft(var host, var how) -> hosts.left(host, how, now);
            case IwfEvent.HostSeen(var host, var hardware) -> hosts.seen(host, hardware);
            case IwfEvent.PolicyChanged changed -> policyIs(changed);
            case IwfEvent.Inspect(long id) -> out.add(new IwfEffect.Show(id, snapshot(now)));
            case IwfEvent.Due() -> due(now);
        }
        changes.reap(now);
        waiting.wake(now);
        unsaved.retry(now);
        keepSentinel();
        wan.settle(now);
        wan.publish();
        return drain();
    }

    private List<IwfEffect> drain() {
        var effects = out.drain();
        unsaved.note(effects);
        return effects;
    }

    private Snapshot snapshot(MonoTime now) {
        var entries = table.all().stream().map(it -> it.entry(now)).toList();
        return new Snapshot(wan.state(), entries, changes.count(), sentinel.wanted(), denials.count());
    }

    private void call(IwfEvent.Call call, MonoTime now) {
        hosts.seen(call.requester(), Optional.empty());
        var tooSoon = shares.tooSoon(call, now);
        if (tooSoon.isPresent()) {
            denials.deny(call, Optional.empty(), tooSoon.get(), now);
            return;
        }
        switch (call.action()) {
            case IgdAction.Add _, IgdAction.DeletePortMapping _, IgdAction.DeletePortMappingRange _ ->
                waiting.add(call, now);
            case IgdAction.GetSpecificPortMappingEntry(var key)
            when isLookedFor(key, call) -> probes.look(call.id(), call.requester(), key, now);
            default -> out.reply(call.id(), answer(call, now));
        }
    }

    /** {@return what may be read from now to the next event} */
    public Reading reading() {
        return new Reading(wan.reading(), table.size(), table.listing(), policy.access(), hosts.leaving());
    }

    private IgdReply read(IwfEvent.Call call, MonoTime now) {
        return reading()
                .reply(call.requester(), call.face(), call.action(), now)
                .orElseThrow();
    }

    private boolean isLookedFor(PortMappingKey key, IwfEvent.Call call) {
        return policy.asking().lookup() == AskingPolicy.Lookup.RFC_PROBE && admission.mayLookFor(key, call);
    }

    /** {@return what is answered at once} */
    private IgdReply answer(IwfEvent.Call call, MonoTime now) {
        return switch (call.action()) {
            case IgdAction.GetSpecificPortMappingEntry(var key) -> listings.specific(call, key, now);
            case IgdAction.GetListOfPortMappings list -> listings.list(call, list, now);
            case IgdAction.GetExternalIPAddress() -> new IgdReply.ExternalAddress(wan.external(call.requester()));
            case IgdAction.GetGenericPortMappingEntry _ -> {
                table.list();
                yield read(call, now);
            }
            case IgdAction.GetPortMappingNumberOfEntries _,
                    IgdAction.GetStatusInfo _,
                    IgdAction.GetConnectionTypeInfo _,
                    IgdAction.GetNATRSIPStatus _ -> read(call, now);
            case IgdAction.SetConnectionType _ -> new IgdReply.Failed(IgdError.READ_ONLY);
            case IgdAction.RequestConnection() ->
                wan.isConnected() ? new IgdReply.Done() : new IgdReply.Failed(IgdError.CONNECTION_SETUP_FAILED);
            case IgdAction.ForceTermination() -> new IgdReply.Failed(IgdError.NOT_AUTHORIZED);
            case IgdAction.Add _, IgdAction.DeletePortMapping _, IgdAction.DeletePortMappingRange _ ->
                throw new AssertionError("changes wait for their turn");
        };
    }

    private void pcpAnswered(long id, MappingOutcome outcome, MonoTime now) {
        wan.answered(id, outcome);
        reconciliation.answered(id, outcome, now);
        sentinel.answered(id, outcome);
        probes.answered(id, outcome, now);
        changes.pcpAnswered(id, outcome, now);
    }

    private void pcpChanged(MappingEvent event, MonoTime now) {
        var held = table.get(event.key());
        switch (event) {
            case MappingEvent.Granted(var key, var endpoint) -> {
                wan.granted(key, endpoint.address());
                changes.granted(key, endpoint.port(), now);
                held.ifPresent(it -> changes.moved(it, endpoint.port()));
            }
            case MappingEvent.Lost(var key) -> {
                wan.lost(key);
                changes.lost(key);
                if (sentinel.is(key)) {
                    wan.nothingFollows();
                }
                held.ifPresent(it -> changes.doom(it, Ending.lost("")));
            }
        }
    }

    private void due(MonoTime now) {
        table.ended(now).stream().filter(changes::isFree).forEach(it -> changes.doom(it, Ending.LEASE_OVER));
        changes.due(now);
        waiting.due(now);
        hosts.due(now);
        unsynced.due(now, changes::isFree);
        probes.due(now);
    }

    /** Only an idle gateway needs the sentinel: any other mapping tells the external address too. */
    private void keepSentinel() {
        if (!waiting.isEmpty() || !changes.isIdle()) {
            return; // what is under way decides whether the gateway stays idle
        }
        if (!table.isEmpty()) {
            sentinel.release();
        } else if (wan.isConnected()) {
            sentinel.want();
        }
    }
}
