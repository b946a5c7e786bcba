package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** The implicit mappings of a CGN. Those that have expired go when somebody asks for them, or for room. One thread at a time. */
final class ImplicitTable {
    private record PortKey(PcpAddress external, IpProtocol protocol) {}

    private final Map<PortKey, RandomPorts> ports = new HashMap<>();
    private final int mostPerSubscriber;
    private final RandomGenerator random;
    private final Map<InternalTuple, ImplicitMapping> byInternal = new HashMap<>();
    private final Map<ExternalTuple, ImplicitMapping> byExternal = new HashMap<>();
    private final Map<SubscriberHandle, Set<ImplicitMapping>> bySubscriber = new HashMap<>();

    /** @param pool what implicit mappings must leave alone */
    ImplicitTable(List<PoolRange> pool, int mostPerSubscriber, RandomGenerator random) {
        this.mostPerSubscriber = mostPerSubscriber;
        this.random = random;
        pool.forEach(range -> ports.put(new PortKey(range.external(), range.protocol()), RandomPorts.besides(range)));
    }

    Optional<ImplicitMapping> of(InternalTuple inside, MonoTime now) {
        return alive(byInternal.get(inside), now);
    }

    Optional<ImplicitMapping> on(ExternalTuple external, MonoTime now) {
        return alive(byExternal.get(external), now);
    }

    private Optional<ImplicitMapping> alive(ImplicitMapping mapping, MonoTime now) {
        return Optional.ofNullable(mapping).filter(it -> {
            boolean alive = it.isAlive(now);
            if (!alive) {
                remove(it);
            }
            return alive;
        });
    }

    /** {@return a new mapping of {@code inside}, which has none} Errors: QUOTA, NO_RESOURCES. */
    ImplicitMapping create(InternalTuple inside, PcpAddress external, MonoTime now) throws CgnException {
        if (has(inside.subscriber()) >= mostPerSubscriber) {
            removeExpired(bySubscriber.getOrDefault(inside.subscriber(), Set.of()), now);
        }
        if (has(inside.subscriber()) >= mostPerSubscriber) {
            throw new CgnException(CgnError.QUOTA);
        }
        int port = port(new PortKey(external, inside.protocol()), now)
                .orElseThrow(() -> new CgnException(CgnError.NO_RESOURCES));
        var created = new ImplicitMapping(inside, new Endpoint(external, port));
        byInternal.put(inside, created);
        byExternal.put(created.outside(), created);
        bySubscriber
                .computeIfAbsent(inside.subscriber(), _ -> new LinkedHashSet<>())
                .add(created);
        return created;
    }

    private int has(SubscriberHandle subscriber) {
        return bySubscriber.getOrDefault(subscriber, Set.of()).size();
    }

    private OptionalInt port(PortKey key, MonoTime now) {
        var free = ports.get(key);
        if (free == null) {
            return OptionalInt.empty(); // a protocol without ports
        }
        var port = free.take(random);
        if (port.isPresent()) {
            return port;
        }
        removeExpired(byInternal.values(), now);
        return free.take(random);
    }

    private void removeExpired(Collection<ImplicitMapping> mappings, MonoTime now) {
        removeAll(mappings, mapping -> !mapping.isAlive(now));
    }

    void removeOf(SubscriberHandle subscriber) {
        removeAll(bySubscriber.getOrDefault(subscriber, Set.of()), _ -> true);
    }

    private void removeAll(Collection<ImplicitMapping> mappings, Predicate<ImplicitMapping> which) {
        mappings.stream().filter(which).toList().forEach(this::remove);
    }

    private void remove(ImplicitMapping mapping) {
        byInternal.remove(mapping.inside());
        byExternal.remove(mapping.outside());
        bySubscriber.computeIfPresent(mapping.inside().subscriber(), (_, its) -> {
            its.remove(mapping);
            return its.isEmpty() ? null : its;
        });
        var key = new PortKey(mapping.external().address(), mapping.inside().protocol());
        ports.get(key).giveBack(mapping.external().port());
    }
}
