package io.portreeve.igd.iwf;

import io.portreeve.igd.limits.HostLimit;
import io.portreeve.pcp.MonoTime;
import java.util.Optional;

/** Sees to it that one host leaves something to the others. Source: RFC 6970 section 6. */
final class Shares {
    private Quotas quotas;
    private final PortMappingTable table;
    private final Changes changes;
    private HostLimit rate;

    Shares(Quotas quotas, PortMappingTable table, Changes changes) {
        this.quotas = quotas;
        this.table = table;
        this.changes = changes;
        rate = new HostLimit(quotas.hostRate(), quotas.lanRate());
    }

    /** Who has more already keeps it. */
    void quotasAre(Quotas other) {
        quotas = other;
        rate = new HostLimit(other.hostRate(), other.lanRate());
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
        if (table.count(host) + changes.beingMade(host) >= quotas.ofHost()) {
            return Optional.of(new Denial(PcpErrors.noPortLeft(face), "its host has its share"));
        }
        if (table.size() + changes.beingMade() >= quotas.ofLan()) {
            return Optional.of(new Denial(PcpErrors.noPortLeft(face), "the hosts together have their share"));
        }
        return Optional.empty();
    }
}
