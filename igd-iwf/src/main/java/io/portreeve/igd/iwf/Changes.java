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

/**
 * The changes of the table that are under way. Each step's outcome is an event, and a step that fails undoes those before it.
 * Source: RFC 6970 sections 5.5, 5.6, 5.8.
 */
final class Changes {
    private final PortMappingTable table;
    private final Outbox out;
    private final PendingTable pending = new PendingTable();
    private final Removals removals;
    private final Additions additions;

    Changes(IwfPolicy policy, PortMappingTable table, NatPorts natPorts, Restoring restoring, Outbox out) {
        this.table = table;
        this.out = out;
        var steps = new Steps(pending, out);
        removals = new Removals(policy, table, natPorts, restoring, steps);
        additions = new Additions(policy, table, natPorts, steps, removals);
    }

    boolean isIdle() {
        return pending.isEmpty();
    }

    /** {@return true if no change is under way that a call about {@code key} must wait for} */
    boolean isFree(PortMappingKey key) {
        return pending.about(key).isEmpty();
    }

    boolean isFree(PortMapping mapping) {
        return pending.isFree(mapping);
    }

    MonoTime nextDeadline() {
        return pending.nextDeadline();
    }

    long beingMade() {
        return pending.beingMade().count();
    }

    long beingMade(PcpAddress host) {
        return pending.beingMade()
                .filter(it -> it.internalClient().equals(host))
                .count();
    }

    /** Makes or renews {@code wanted}; the entry it renews leads where it leads. */
    void add(PortMapping wanted, Caller caller) {
        additions.add(wanted, caller);
    }

    /** {@return true if a request that failed for its caller, but goes on, is now waited for again} */
    boolean adopt(PortMapping wanted, Caller caller) {
        return additions.adopt(wanted, caller);
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
                case Change.Remove remove -> removals.pcpAnswered(change, remove, outcome);
            }
        });
    }

    /** A request whose caller was told that nobody can be reached has succeeded after all. */
    void granted(MappingKey key, int externalPort) {
        pending.about(key).filter(change -> change.stage() == Stage.PCP).ifPresent(change -> {
            var asked = change.change().mapping();
            boolean asAsked = asked.on(externalPort).key().externalPort() == externalPort;
            if (asAsked && change.change() instanceof Change.Add add) {
                additions.granted(change, add, externalPort);
            }
        });
    }

    private Optional<Pending> waitingFor(Stage stage, long id) {
        return pending.get(id).filter(change -> change.stage() == stage);
    }

    void natDone(long id, boolean done) {
        waitingFor(Stage.UNDO, id).ifPresent(change -> {
            if (change.change() instanceof Change.Add add) {
                additions.undone(change, add, done);
            }
        });
        waitingFor(Stage.NAT, id).ifPresent(change -> {
            switch (change.change()) {
                case Change.Add add -> additions.natDone(change, add, done);
                case Change.Remove(var mapping, var _) -> removals.natDone(change, mapping, done);
            }
        });
    }

    void saved(long id, boolean saved) {
        waitingFor(Stage.STORE, id).ifPresent(change -> {
            switch (change.change()) {
                case Change.Add add -> additions.saved(change, add, saved);
                case Change.Remove _ -> removals.saved(change, saved);
            }
        });
    }

    /** Ends the waiting for what should have come by now. */
    void due(MonoTime now) {
        pending.due(now).forEach(change -> {
            switch (change.change()) {
                case Change.Add add -> additions.late(change, add, now);
                case Change.Remove remove -> removals.late(change, remove);
            }
        });
    }
}
