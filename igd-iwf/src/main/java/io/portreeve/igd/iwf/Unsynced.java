package io.portreeve.igd.iwf;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.function.Predicate;

/**
 * Entries that were made while the PCP server could not be reached: it is asked for them until it answers, the oldest first, one
 * after the other. Source: draft-bpw-pcp-upnp-igd-interworking-00 sections 5.1, 5.10.
 */
final class Unsynced {
    private static final Duration PACE = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final PortMappingTable table;
    private final Restoring restoring;
    private final SequencedSet<PortMappingKey> entries = new LinkedHashSet<>();
    private MonoTime due = MonoTime.NEVER;

    Unsynced(PortMappingTable table, Restoring restoring) {
        this.table = table;
        this.restoring = restoring;
    }

    MonoTime nextDue() {
        return due;
    }

    /** Nobody could be reached for the entry of {@code key}. */
    void add(PortMappingKey key, MonoTime now) {
        entries.addLast(key);
        due = due.earlier(now.plus(AGAIN));
    }

    /** @param isFree true of an entry that is not about to be changed, or to go */
    void due(MonoTime now, Predicate<PortMapping> isFree) {
        if (now.isBefore(due)) {
            return;
        }
        entries.removeIf(key -> table.get(key).isEmpty());
        var next = entries.stream()
                .flatMap(key -> table.get(key).stream())
                .filter(isFree)
                .findFirst();
        next.ifPresent(it -> {
            entries.remove(it.key());
            restoring.ask(it, now);
        });
        due = entries.isEmpty() ? MonoTime.NEVER : now.plus(PACE);
    }
}
