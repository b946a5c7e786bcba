package io.portreeve.igd.iwf;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingView;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Mistakes of the interworking, each in the place of one of its calls; planted to see that they are found. */
final class InterworkingBugs {
    private InterworkingBugs() {}

    static void tellFirst(Steps steps, Pending change, IwfEffect effect) {
        steps.reply(change, new IgdReply.Done());
        steps.store(change, effect);
    }

    static void installAgain(Outbox out, IwfEffect effect) {
        out.add(
                effect instanceof IwfEffect.ChangeNat(long id, var change)
                        ? new IwfEffect.ChangeNat(id, new NatChange.Install(change.rule()))
                        : effect);
    }

    static void drop(Outbox out, IwfEffect effect) {}

    static MonoTime never(PendingTable pending) {
        return MonoTime.NEVER;
    }

    static void keep(Removals removals, PortMapping held, Ending ending) {}

    static void reuse(NatPorts ports, PortMapping mapping) {}

    static Object putNothing(Map<?, ?> map, Object key, Object value) {
        return null;
    }

    static boolean anybody(PcpAddress one, Object other) {
        return true;
    }

    static void forget(PortMappingTable table, PortMapping mapping) {}

    static long countNothing(WanState wan, int changes) {
        return 0;
    }

    static void twice(Outbox out, long call, IgdReply reply) {
        out.reply(call, reply);
        out.reply(call, reply);
    }

    static boolean always(MappingView view, PortMapping mapping) {
        return true;
    }

    static Optional<Denial> asMuchAsYouLike(Shares shares, PortMapping wanted, IgdFace face) {
        return Optional.empty();
    }

    static Optional<IgdError> whoever(AccessPolicy policy, PortMapping held, PcpAddress requester, IgdFace face) {
        return Optional.empty();
    }

    static void asBefore(PortMappingTable table) {
        table.takeChanged();
    }

    static void adoptGranted(Grants grants, MappingKey key, Optional<PcpAddress> address) {
        if (address.isPresent()) {
            grants.adopt(key, address);
        }
    }

    static void neverAgain(Unsaved unsaved, long id, boolean saved, MonoTime now) {}

    static Duration twiceAsLong(long seconds) {
        return Duration.ofSeconds(2 * seconds);
    }
}
