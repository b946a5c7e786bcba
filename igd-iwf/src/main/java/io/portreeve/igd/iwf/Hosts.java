package io.portreeve.igd.iwf;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whose address is whose on the LAN: a host that leaves takes its entries with it. Source: RFC 6970 section 5.10. */
final class Hosts {
    private static final int MOST = 4096;

    private record Leaving(Departure how, MonoTime until) {}

    private final PortMappingTable table;
    private final Changes changes;
    private final Map<PcpAddress, HardwareAddress> known = new HashMap<>();
    private final Map<PcpAddress, Leaving> leaving = new LinkedHashMap<>();

    Hosts(PortMappingTable table, Changes changes) {
        this.table = table;
        this.changes = changes;
    }

    MonoTime nextDue() {
        return leaving.values().stream().map(Leaving::until).reduce(MonoTime.NEVER, MonoTime::earlier);
    }

    /** {@return those who seem to have left, and have entries still} */
    Set<PcpAddress> leaving() {
        return Set.copyOf(leaving.keySet());
    }

    /** The host at {@code address} has left. Who has no entries takes none with it. */
    void left(PcpAddress address, Departure how, MonoTime now) {
        if (!table.of(address).isEmpty()) {
            var next = new Leaving(how, now.plus(how.patience()));
            leaving.merge(address, next, (was, is) -> is.until().isAfter(was.until()) ? was : is);
        }
    }

    /** A host is at {@code address}. @param hardware empty if it is not known which one */
    void seen(PcpAddress address, Optional<HardwareAddress> hardware) {
        leaving.remove(address);
        hardware.ifPresent(it -> {
            if (known.size() >= MOST) {
                known.keySet().removeIf(host -> table.of(host).isEmpty());
            }
            var before = known.put(address, it);
            if (before != null && !before.equals(it)) {
                doom(address, "its host's address is another host's now");
            }
        });
    }

    private void doom(PcpAddress address, String why) {
        table.of(address).forEach(entry -> changes.doom(entry, Ending.because(why)));
    }

    void due(MonoTime now) {
        for (var address : List.copyOf(leaving.keySet())) {
            var it = leaving.get(address);
            if (!now.isBefore(it.until())) {
                leaving.remove(address);
                doom(address, it.how().why());
            }
        }
    }
}
