package io.portreeve.server.engine;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.EndpointMap;
import io.portreeve.server.cgn.SubscriberId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * All mappings that exist, by internal tuple, by subscriber, by external endpoint, and by when they expire. They are listed in
 * the order they were made or renewed: a key contains an enum, whose hash is another in each run, and a seed must replay
 * everything.
 *
 * <p>There may be a million of them, so a mapping of one port is in no index that only sets of ports need.
 */
final class MappingTable {
    private final LinkedHashMap<MappingKey, Mapping> byKey = new LinkedHashMap<>();
    private final Map<SubscriberId, List<MappingKey>> bySubscriber = new HashMap<>();
    private final EndpointMap<MappingKey> byExternal = new EndpointMap<>();

    /** The mapping that each further port of a set belongs to. */
    private final Map<MappingKey, MappingKey> byPort = new HashMap<>();

    private final TreeSet<Mapping> byExpiry = new TreeSet<>(MappingTable::byExpiry);

    /** Of those that end in the same moment the order does not matter, but it must be one. */
    private static int byExpiry(Mapping one, Mapping other) {
        var its = one.row();
        var others = other.row();
        int order = its.expiry().compareTo(others.expiry());
        if (order == 0) {
            order = Integer.compare(its.external().port(), others.external().port());
        }
        if (order == 0) {
            order = its.external().address().compareTo(others.external().address());
        }
        return order == 0
                ? Integer.compare(
                        its.key().protocol().number(), others.key().protocol().number())
                : order;
    }

    Optional<Mapping> find(MappingKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** {@return the mapping that this port belongs to, alone or in a set} */
    Optional<Mapping> covering(MappingKey port) {
        return find(port).or(() -> Optional.ofNullable(byPort.get(port)).map(byKey::get));
    }

    /** {@return the mapping that has this external port} */
    Optional<Mapping> on(IpProtocol protocol, Endpoint external) {
        return Optional.ofNullable(byExternal.get(protocol, external)).map(byKey::get);
    }

    boolean has(MappingKey key) {
        return byKey.containsKey(key);
    }

    Collection<Mapping> all() {
        return byKey.values();
    }

    List<Mapping> of(SubscriberId subscriber) {
        return bySubscriber.getOrDefault(subscriber, List.of()).stream()
                .map(byKey::get)
                .toList();
    }

    /** Adds {@code mapping}, or puts it in the place of the one with its key. */
    void put(Mapping mapping) {
        var before = byKey.putLast(mapping.key(), mapping);
        if (before == null) {
            bySubscriber
                    .computeIfAbsent(mapping.key().subscriber(), _ -> new ArrayList<>(1))
                    .add(mapping.key());
            addPorts(mapping);
        } else {
            byExpiry.remove(before);
            if (!Ports.of(before.row()).equals(Ports.of(mapping.row()))) {
                removePorts(before);
                addPorts(mapping);
            }
        }
        byExpiry.add(mapping);
    }

    private void addPorts(Mapping mapping) {
        for (var external : Ports.of(mapping.row()).all()) {
            var twin = byExternal.putIfAbsent(mapping.key().protocol(), external, mapping.key());
            if (twin != null) {
                throw new IllegalStateException(external + " would lead to two hosts");
            }
        }
        furtherPorts(mapping, port -> byPort.put(port, mapping.key()));
    }

    void remove(Mapping mapping) {
        var present = byKey.remove(mapping.key());
        if (present == null) {
            return;
        }
        byExpiry.remove(present);
        removePorts(present);
        bySubscriber.computeIfPresent(mapping.key().subscriber(), (_, keys) -> {
            keys.remove(mapping.key());
            return keys.isEmpty() ? null : keys;
        });
    }

    private void removePorts(Mapping mapping) {
        for (var external : Ports.of(mapping.row()).all()) {
            byExternal.remove(mapping.key().protocol(), external);
        }
        furtherPorts(mapping, byPort::remove);
    }

    private static void furtherPorts(Mapping mapping, Consumer<MappingKey> each) {
        for (int i = 1; i < mapping.row().terms().ports(); i++) {
            each.accept(mapping.key().plus(i));
        }
    }

    MonoTime nextExpiry() {
        return byExpiry.isEmpty() ? MonoTime.NEVER : byExpiry.first().row().expiry(); // a static one never ends
    }

    /** {@return all whose lifetime has ended} */
    List<Mapping> expired(MonoTime now) {
        var expired = new ArrayList<Mapping>();
        for (var mapping : byExpiry) {
            if (mapping.row().expiry().isAfter(now)) {
                break;
            }
            expired.add(mapping);
        }
        return expired;
    }
}
