package io.portreeve.igd.iwf;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingView;
import io.portreeve.pcp.MonoTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;

/** Has the PCP client keep what the table has, and nothing else: after a start, and when somebody else is asked for ports. */
final class Reconciliation {
    private final PortMappingTable table;
    private final Grants grants;
    private final Restoring restoring;
    private final Unsynced unsynced;
    private final Changes changes;
    private final Sentinel sentinel;
    private final Outbox out;

    Reconciliation(
            PortMappingTable table,
            Grants grants,
            Restoring restoring,
            Unsynced unsynced,
            Changes changes,
            Sentinel sentinel,
            Outbox out) {
        this.table = table;
        this.grants = grants;
        this.restoring = restoring;
        this.unsynced = unsynced;
        this.changes = changes;
        this.sentinel = sentinel;
        this.out = out;
    }

    void reconcile(Collection<MappingView> mapped, MonoTime now) {
        var kept = new LinkedHashMap<MappingKey, MappingView>();
        for (var view : mapped) {
            if (view.owner().equals(PortMapping.OWNER)) {
                kept.put(view.key(), view);
                grants.adopt(view.key(), view.external().map(Endpoint::address));
            }
        }
        var wanted = new ArrayList<>(changes.beingInstalled());
        table.all().stream().filter(it -> !changes.isUnderWay(it.pcpKey())).forEach(wanted::add);
        var missing = new ArrayList<PortMapping>();
        for (var mapping : wanted) {
            if (!serves(kept.remove(mapping.pcpKey()), mapping)) {
                missing.add(mapping);
            }
        }
        sentinel.adopt(kept.keySet()).ifPresent(kept::remove);
        kept.keySet().removeIf(changes::isAsked);
        // before the asking: what is released may hold the very port that is asked for
        kept.keySet().forEach(key -> out.add(new IwfEffect.ReleasePcp(out.nextId(), key)));
        missing.forEach(it -> restoring.ask(it, now));
    }

    /** A mapping that moved in the moment before the crash is asked for again, as the entry has it. */
    private static boolean serves(MappingView view, PortMapping mapping) {
        return view != null
                && view.external()
                        .filter(endpoint -> endpoint.port() != mapping.key().externalPort())
                        .isEmpty();
    }

    /** Takes what became of request {@code id}, if an entry was asked for again by it. */
    void answered(long id, MappingOutcome outcome, MonoTime now) {
        restoring
                .answered(id)
                .ifPresent(asked -> table.get(asked.key())
                        .ifPresentOrElse(
                                held -> restored(held, asked.approach(), outcome, now),
                                () -> unsynced.add(asked.key(), now)));
    }

    private void restored(PortMapping held, Approach approach, MappingOutcome outcome, MonoTime now) {
        switch (outcome) {
            case MappingOutcome.Granted(var endpoint, var _, int _) -> {
                restoring.granted(approach, now);
                changes.moved(held, endpoint.port());
            }
            case MappingOutcome.Refused refused -> {
                if (!restoring.fallBack(held, approach, refused, now)) {
                    changes.doom(held, Ending.lost(PcpErrors.explained(refused)));
                }
            }
            case MappingOutcome.HeldByOther(var owner) -> changes.doom(held, Ending.lost(owner + " has it"));
            case MappingOutcome.Unreachable() -> unsynced.add(held.key(), now);
            case MappingOutcome.Released() -> {} // it is being removed
        }
    }
}
