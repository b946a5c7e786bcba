package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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
    private record PortKey(PcpAddress external, IpProtocol protocol) {
        static PortKey of(ExternalTuple external) {
            return new PortKey(external.external().address(), external.protocol());
        }
    }

    private final Map<PortKey, PoolRange> pool = new HashMap<>();
    private final Map<PortKey, RandomPorts> ports = new HashMap<>();

    /** Ports that explicit mappings have, and no new implicit one gets. */
    private final Set<ExternalTuple> lent = new HashSet<>();

    private final int mostPerSubscriber;
    private final RandomGenerator random;
    private final Map<InternalTuple, ImplicitMapping> byInternal = new HashMap<>();
    private final Map<ExternalTuple, ImplicitMapping> byExternal = new HashMap<>();
    private final Map<SubscriberHandle, Set<ImplicitMapping>> bySubscriber = new HashMap<>();

    /** @param pool what implicit mappings must leave alone */
    ImplicitTable(List<PoolRange> pool, int mostPerSubscriber, RandomGenerator random) {
        this.mostPerSubscriber = mostPerSubscriber;
        this.random = random;
        for (var range : pool) {
            var key = new PortKey(range.external(), range.protocol());
            this.pool.put(key, range);
            ports.put(key, RandomPorts.besides(range));
        }
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
        var outside = outside(inside, external, now).orElseThrow(() -> new CgnException(CgnError.NO_RESOURCES));
        var created = new ImplicitMapping(inside, outside);
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

    private Optional<Endpoint> outside(InternalTuple inside, PcpAddress external, MonoTime now) {
        if (ports.containsKey(new PortKey(external.anyOfFamily(), inside.protocol()))) {
            return Optional.of(inside.internal()) // not translated
                    .filter(end ->
                            on(new ExternalTuple(inside.protocol(), end), now).isEmpty());
        }
        var port = port(new PortKey(external, inside.protocol()), now);
        return port.isPresent() ? Optional.of(new Endpoint(external, port.getAsInt())) : Optional.empty();
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
        if (!lent.contains(mapping.outside())) {
            giveBack(mapping.outside());
        }
    }

    private void giveBack(ExternalTuple external) {
        Optional.ofNullable(ports.get(PortKey.of(external)))
                .ifPresent(free -> free.giveBack(external.external().port()));
    }

    /** {@return true if an explicit mapping of {@code inside} may have this port} Another host's traffic must not have it. */
    boolean mayLend(ExternalTuple external, InternalTuple inside, MonoTime now) {
        var owner = on(external, now);
        return owner.isPresent()
                ? owner.get().inside().equals(inside)
                : !isBesidePool(external)
                        || ports.get(PortKey.of(external))
                                .isFree(external.external().port());
    }

    private boolean isBesidePool(ExternalTuple external) {
        var range = pool.get(PortKey.of(external));
        return range != null && !range.contains(external.external().port());
    }

    /** An explicit mapping has this port from now on. */
    void lend(ExternalTuple external) {
        if (isBesidePool(external)) {
            lent.add(external);
            ports.get(PortKey.of(external)).take(external.external().port());
        }
    }

    /** No explicit mapping has this port any more. */
    void takeBack(ExternalTuple external) {
        if (lent.remove(external) && !byExternal.containsKey(external)) {
            giveBack(external);
        }
    }
}
