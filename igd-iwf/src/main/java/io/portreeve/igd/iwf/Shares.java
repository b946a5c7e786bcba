package io.portreeve.igd.iwf;

import io.portreeve.igd.limits.HostLimit;
import io.portreeve.pcp.MonoTime;
import java.util.Optional;
import java.util.function.Supplier;

/** Sees to it that one host leaves something to the others. Source: RFC 6970 section 6. */
final class Shares {
    private final Supplier<IwfPolicy> policy;
    private final PortMappingTable table;
    private final Changes changes;
    private HostLimit rate;

    Shares(Supplier<IwfPolicy> policy, PortMappingTable table, Changes changes) {
        this.policy = policy;
        this.table = table;
        this.changes = changes;
        rate = quotas().limit();
    }

    private Quotas quotas() {
        return policy.get().quotas();
    }

    /** Who has more already keeps it, and what a host has asked of late counts on at the same rates. */
    void quotasWere(Quotas before) {
        if (!quotas().hasRatesOf(before)) {
            rate = quotas().limit();
        }
    }

    /** {@return why {@code call} comes too soon, if it does} Deleting is never too soon. */
    Optional<Denial> tooSoon(IwfEvent.Call call, MonoTime now) {
        boolean costs = call.action() instanceof IgdAction.Add
                || call.action() instanceof IgdAction.GetSpecificPortMappingEntry;
        return costs && !rate.admits(call.requester(), 1, now)
                ? Optional.of(new Denial(PcpErrors.noPortLeft(call.face()), "it asks too often"))
                : Optional.empty();
    }

    /** {@return why {@code wanted} is too much, if it is} What only renews an entry is not. */
    Optional<Denial> tooMuch(PortMapping wanted, IgdFace face) {
        var host = wanted.internalClient();
        if (table.get(wanted.key()).isPresent()) {
            return Optional.empty();
        }
        if (table.count(host) + changes.beingMade(host) >= quotas().ofHost()) {
            return Optional.of(new Denial(PcpErrors.noPortLeft(face), "its host has its share"));
        }
        if (table.size() + changes.beingMade() >= quotas().ofLan()) {
            return Optional.of(new Denial(PcpErrors.noPortLeft(face), "the hosts together have their share"));
        }
        return Optional.empty();
    }
}
