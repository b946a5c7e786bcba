package io.portreeve.server.engine;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * All mappings that exist, by internal tuple, by subscriber, by external endpoint, and by when they expire. They are listed in
 * the order they were made or renewed: a key contains an enum, whose hash is another in each run, and a seed must replay
 * everything.
 */
final class MappingTable {
    private record External(IpProtocol protocol, Endpoint endpoint) {}

    private final Map<MappingKey, Mapping> byKey = new LinkedHashMap<>();
    private final Map<SubscriberId, Set<MappingKey>> bySubscriber = new HashMap<>();
    private final Map<External, Mapping> byExternal = new HashMap<>();

    /** The mapping that each port of a set belongs to, and each single one. */
    private final Map<MappingKey, MappingKey> byPort = new HashMap<>();

    private final TreeMap<MonoTime, Set<MappingKey>> byExpiry = new TreeMap<>();

    Optional<Mapping> find(MappingKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** {@return the mapping that this port belongs to, alone or in a set} */
    Optional<Mapping> covering(MappingKey port) {
        return Optional.ofNullable(byPort.get(port)).map(byKey::get);
    }

    /** {@return the mapping that has this external port} */
    Optional<Mapping> on(IpProtocol protocol, Endpoint external) {
        return Optional.ofNullable(byExternal.get(new External(protocol, external)));
    }

    boolean has(MappingKey key) {
        return byKey.containsKey(key);
    }

    Collection<Mapping> all() {
        return byKey.values();
    }

    List<Mapping> of(SubscriberId subscriber) {
        return bySubscriber.getOrDefault(subscriber, Set.of()).stream()
                .map(byKey::get)
                .toList();
    }

    /** Adds {@code mapping}, or puts it in the place of the one with its key. */
    void put(Mapping mapping) {
        find(mapping.key()).ifPresent(this::remove);
        for (var external : Ports.of(mapping.row()).all()) {
            var twin = byExternal.putIfAbsent(new External(mapping.key().protocol(), external), mapping);
            if (twin != null) {
                throw new IllegalStateException(external + " would lead to two hosts");
            }
        }
        mapping.keys().forEach(port -> byPort.put(port, mapping.key()));
        byKey.put(mapping.key(), mapping);
        add(mapping.key().subscriber(), mapping.key(), bySubscriber);
        add(mapping.row().expiry(), mapping.key(), byExpiry);
    }

    void remove(Mapping mapping) {
        byKey.remove(mapping.key());
        Ports.of(mapping.row())
                .all()
                .forEach(
                        external -> byExternal.remove(new External(mapping.key().protocol(), external)));
        mapping.keys().forEach(byPort::remove);
        remove(mapping.key().subscriber(), mapping.key(), bySubscriber);
        remove(mapping.row().expiry(), mapping.key(), byExpiry);
    }

    private static <K> void add(K place, MappingKey key, Map<K, Set<MappingKey>> index) {
        index.computeIfAbsent(place, _ -> new LinkedHashSet<>()).add(key);
    }

    private static <K> void remove(K place, MappingKey key, Map<K, Set<MappingKey>> index) {
        index.computeIfPresent(place, (_, keys) -> {
            keys.remove(key);
            return keys.isEmpty() ? null : keys;
        });
    }

    MonoTime nextExpiry() {
        return byExpiry.isEmpty() ? MonoTime.NEVER : byExpiry.firstKey(); // a static one never ends
    }

    /** {@return all whose lifetime has ended} */
    List<Mapping> expired(MonoTime now) {
        return byExpiry.headMap(now, true).values().stream()
                .flatMap(Set::stream)
                .map(byKey::get)
                .toList();
    }
}
