package io.portreeve.igd.iwf;

import io.portreeve.client.MappingKey;
import io.portreeve.igd.iwf.Pending.Change;
import io.portreeve.pcp.MonoTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The changes under way. There is one at most for each mapping of PCP, and for each external port and protocol, but for those that
 * are content with any port until they have one.
 */
final class PendingTable {
    private final Map<Long, Pending> byId = new HashMap<>();
    private final Map<WanPort, Pending> byPort = new HashMap<>();
    private final Map<MappingKey, Pending> byPcpKey = new HashMap<>();
    private final NavigableSet<Pending> byDeadline =
            new TreeSet<>(Comparator.comparing(Pending::deadline).thenComparing(Pending::id));

    int size() {
        return byId.size();
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    /** {@return true if nothing is under way about {@code entry}, here or at PCP} */
    boolean isFree(PortMapping entry) {
        return about(entry.key()).isEmpty() && about(entry.pcpKey()).isEmpty();
    }

    Optional<Pending> get(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<Pending> about(PortMappingKey key) {
        return Optional.ofNullable(byPort.get(port(key)));
    }

    Optional<Pending> about(MappingKey key) {
        return Optional.ofNullable(byPcpKey.get(key));
    }

    /** Puts {@code change} in place of what was under way by its number. */
    void put(Pending change) {
        remove(change);
        var mapping = change.change().mapping();
        byId.put(change.id(), change);
        if (mapping.key().externalPort() != 0) {
            byPort.put(port(mapping.key()), change);
        }
        byPcpKey.put(mapping.pcpKey(), change);
        byDeadline.add(change);
    }

    void remove(Pending change) {
        Optional.ofNullable(byId.remove(change.id())).ifPresent(before -> {
            var mapping = before.change().mapping();
            byPort.remove(port(mapping.key()), before);
            byPcpKey.remove(mapping.pcpKey());
            byDeadline.remove(before);
        });
    }

    Stream<Pending> all() {
        return byId.values().stream();
    }

    /** {@return the entries that are being made, and not only renewed} */
    Stream<PortMapping> beingMade() {
        return all().map(Pending::change)
                .filter(change ->
                        change instanceof Change.Add add && add.before().isEmpty())
                .map(Change::mapping);
    }

    MonoTime nextDeadline() {
        return byDeadline.isEmpty() ? MonoTime.NEVER : byDeadline.first().deadline();
    }

    /** {@return the changes whose deadline has come} */
    List<Pending> due(MonoTime now) {
        var due = new ArrayList<Pending>();
        for (var change : byDeadline) {
            if (now.isBefore(change.deadline())) {
                break;
            }
            due.add(change);
        }
        return due;
    }

    private static WanPort port(PortMappingKey key) {
        return new WanPort(key.protocol(), key.externalPort());
    }
}
