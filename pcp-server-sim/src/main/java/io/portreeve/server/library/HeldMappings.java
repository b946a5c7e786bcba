package io.portreeve.server.library;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The nonces of all mappings whose lifetime is not over. Source: RFC 6887 sections 11.3, 12.3. */
final class HeldMappings {
    private final Map<HeldKey, Held> held = new HashMap<>();
    private final TreeMap<MonoTime, Set<HeldKey>> byEnd = new TreeMap<>();

    Optional<Held> find(HeldKey key, MonoTime now) {
        forgetEnded(now);
        return Optional.ofNullable(held.get(key));
    }

    /** {@return how long the mapping is still another's; empty if {@code nonce} may change it} */
    Optional<Lifetime> foreign(HeldKey key, MappingNonce nonce, MonoTime now) {
        return find(key, now)
                .filter(its -> !its.nonce().equals(nonce))
                .map(its -> Lifetime.of(now.until(its.until()).plusNanos(999_999_999)));
    }

    void put(HeldKey key, Held its) {
        forget(key);
        held.put(key, its);
        byEnd.computeIfAbsent(its.until(), _ -> new LinkedHashSet<>()).add(key);
    }

    void forget(HeldKey key) {
        var its = held.remove(key);
        if (its != null) {
            byEnd.computeIfPresent(its.until(), (_, keys) -> {
                keys.remove(key);
                return keys.isEmpty() ? null : keys;
            });
        }
    }

    void forgetAllOf(PcpAddress client) {
        held.entrySet().stream()
                .filter(entry -> entry.getValue().client().equals(client))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::forget);
    }

    private void forgetEnded(MonoTime now) {
        while (!byEnd.isEmpty() && !byEnd.firstKey().isAfter(now)) {
            byEnd.pollFirstEntry().getValue().forEach(held::remove);
        }
    }

    static MonoTime end(Lifetime lifetime, MonoTime now) {
        return now.plus(Duration.ofSeconds(lifetime.seconds()));
    }
}
