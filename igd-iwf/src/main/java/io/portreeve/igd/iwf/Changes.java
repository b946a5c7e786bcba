package io.portreeve.igd.iwf;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.Pending.Caller;
import io.portreeve.igd.iwf.Pending.Change;
import io.portreeve.igd.iwf.Pending.Stage;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The changes of the table that are under way. Each step's outcome is an event, and a step that fails undoes those before it.
 * Source: RFC 6970 sections 5.5, 5.6, 5.8.
 */
final class Changes {
    private final PortMappingTable table;
    private final Outbox out;
    private final PendingTable pending = new PendingTable();
    private final Removals removals;
    private final Candidates candidates = new Candidates();
    private final Additions additions;
    private final Installations installations;

    Changes(
            Supplier<IwfPolicy> policy,
            PortMappingTable table,
            NatPorts natPorts,
            Restoring restoring,
            Unsynced unsynced,
            Outbox out) {
        this.table = table;
        this.out = out;
        var steps = new Steps(pending, out);
        removals = new Removals(policy, table, natPorts, restoring, steps);
        var withdrawals = new Withdrawals(natPorts, steps);
        additions =
                new Additions(policy, table, natPorts, restoring, candidates, unsynced, steps, removals, withdrawals);
        installations = new Installations(table, natPorts, restoring, steps, removals, withdrawals);
    }

    int count() {
        return pending.size();
    }

    boolean isIdle() {
        return pending.isEmpty();
    }

    /** {@return true if no change is under way that a call about {@code key} must wait for} */
    boolean isFree(PortMappingKey key) {
        return pending.about(key).isEmpty() && isHeldFree(key);
    }

    boolean isFree(PortMapping mapping) {
        return pending.isFree(mapping) && isHeldFree(mapping.key());
    }

    /** An entry that is on its way to another port is free by its key, but not by its PCP mapping. */
    private boolean isHeldFree(PortMappingKey key) {
        return table.get(key).map(pending::isFree).orElse(true);
    }

    /** {@return true if what PCP knows by {@code key} is being made, renewed or removed} */
    boolean isUnderWay(MappingKey key) {
        return pending.about(key).isPresent();
    }

    /** {@return true if PCP is asked for {@code key}, or asked to delete it, and has not answered} */
    boolean isAsked(MappingKey key) {
        return pending.about(key).filter(change -> change.stage().isBeforePcp()).isPresent();
    }

    /** What the provider before gave or refused says nothing of the next. */
    void providerChanged() {
        additions.providerChanged();
    }

    /** {@return true if the provider has given something in place of what the internal endpoint of {@code wanted} wanted} */
    boolean isCandidate(PortMapping wanted) {
        return candidates.of(wanted).isPresent();
    }

    MonoTime nextDeadline() {
        return pending.nextDeadline().earlier(candidates.nextDue());
    }

    long beingMade() {
        return pending.beingMade().count();
    }

    long beingMade(PcpAddress host) {
        return pending.beingMade()
                .filter(it -> it.internalClient().equals(host))
                .count();
    }

    /** {@return how the caller of {@code wanted} can be answered without asking the provider, if that can be} */
    Optional<Denial> forestalls(PortMapping wanted, IgdFace face, MonoTime now) {
        return additions.strategy().forestalls(wanted, face, now);
    }

    /** Makes or renews {@code wanted}; the entry it renews leads where it leads. */
    void add(PortMapping wanted, Caller caller, MonoTime now) {
        additions.add(wanted, caller, now);
    }

    /** {@return true if a request that failed for its caller, but goes on, is now waited for again} */
    boolean adopt(PortMapping wanted, Caller caller, MonoTime now) {
        return additions.adopt(wanted, caller, now);
    }

    void remove(PortMapping held, Ending ending, Optional<Caller> caller, MonoTime replyBy) {
        removals.remove(held, ending, caller, replyBy);
    }

    void removeAll(List<PortMapping> entries, Ending ending, Caller caller) {
        removals.removeAll(entries, ending, caller);
    }

    void doom(PortMapping held, Ending ending) {
        removals.doom(held, ending);
    }

    void reap(MonoTime now) {
        removals.reap(now);
    }

    /** The provider serves {@code held} on {@code port} now: an entry that may be on any port goes there, another one is none. */
    void moved(PortMapping held, int port) {
        var there = held.on(port);
        if (held.key().externalPort() == port || !isFree(held) && there != held) {
            return; // what is under way will find it there
        }
        if (there == held || table.onPort(port, held.key().protocol()).isPresent()) {
            doom(held, Ending.lost("the provider has moved it to port " + port));
            return;
        }
        table.remove(held.key());
        table.put(there);
        out.add(new IwfEffect.Erase(out.nextId(), held.key()));
        out.add(new IwfEffect.Save(out.nextId(), there));
        out.add(new IwfEffect.Audit(new AuditRecord(
                AuditRecord.What.MOVED,
                Optional.empty(),
                Optional.of(held.audited()),
                "it is on port " + port + " now")));
    }

    void pcpAnswered(long id, MappingOutcome outcome, MonoTime now) {
        removals.deletedAtLast(id);
        waitingFor(Stage.PCP, id).ifPresent(change -> {
            switch (change.change()) {
                case Change.Add add -> additions.pcpAnswered(change, add, outcome, now);
                case Change.Remove remove -> removals.pcpAnswered(change, remove, outcome, now);
            }
        });
    }

    /** A request whose caller was told that nobody can be reached has succeeded after all. */
    void granted(MappingKey key, int externalPort, MonoTime now) {
        candidates.moved(key, externalPort);
        beingInstalled(key)
                .filter(it -> it.change().mapping().key().externalPort() != externalPort)
                .ifPresent(it -> spoil(it, "the provider has moved it to port " + externalPort));
        pending.about(key).filter(change -> change.stage().isBeforePcp()).ifPresent(change -> {
            var asked = change.change().mapping();
            boolean asAsked = asked.on(externalPort).key().externalPort() == externalPort;
            if (asAsked && change.change() instanceof Change.Add add) {
                additions.granted(change, add, externalPort, now);
            }
        });
    }

    /** The provider serves a mapping no more that is no entry, or none yet. */
    void lost(MappingKey key) {
        candidates.lost(key).ifPresent(additions::giveUp);
        beingInstalled(key).ifPresent(it -> spoil(it, "the provider serves it no more"));
    }

    /** What PCP has granted and taken back must not be told to be open; an entry that was being renewed goes. */
    private void spoil(Pending change, String why) {
        additions.spoil(change, why);
        doom(change.change().mapping(), Ending.lost(why));
    }

    /** {@return the entries that PCP has granted, and that are not made or renewed yet} */
    List<PortMapping> beingInstalled() {
        return pending.all()
                .filter(Pending::isGranted)
                .map(it -> it.change().mapping())
                .toList();
    }

    private Optional<Pending> beingInstalled(MappingKey key) {
        return pending.about(key).filter(Pending::isGranted);
    }

    private Optional<Pending> waitingFor(Stage stage, long id) {
        return pending.get(id).filter(change -> change.stage() == stage);
    }

    void natDone(long id, boolean done, MonoTime now) {
        waitingFor(Stage.UNDO, id).ifPresent(change -> {
            if (change.change() instanceof Change.Add add) {
                installations.undone(change, add, done);
            }
        });
        waitingFor(Stage.NAT, id).ifPresent(change -> {
            switch (change.change()) {
                case Change.Add add -> installations.natDone(change, add, done, now);
                case Change.Remove(var mapping, var _) -> removals.natDone(change, mapping, done);
            }
        });
    }

    void saved(long id, boolean saved, MonoTime now) {
        waitingFor(Stage.STORE, id).ifPresent(change -> {
            switch (change.change()) {
                case Change.Add add -> installations.saved(change, add, saved, now);
                case Change.Remove _ -> gone(change, saved);
            }
        });
    }

    private void gone(Pending change, boolean saved) {
        removals.saved(change, saved);
        additions.strategy().freed();
    }

    /** Ends the waiting for what should have come by now. */
    void due(MonoTime now) {
        additions.due(now);
        pending.due(now).forEach(change -> {
            switch (change.change()) {
                case Change.Add add -> additions.late(change, add, now);
                case Change.Remove remove -> removals.late(change, remove, now);
            }
        });
    }
}
