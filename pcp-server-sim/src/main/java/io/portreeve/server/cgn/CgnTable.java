package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a CGN keeps in its books: its subscribers and their explicit mappings, by handle and by both tuples.
 * It says what is wrong with a request, and carries no packet. One thread at a time.
 */
final class CgnTable {

    private record ExternalTuple(IpProtocol protocol, Endpoint external) {
        static ExternalTuple of(CgnMapping mapping) {
            return new ExternalTuple(mapping.protocol(), mapping.external());
        }
    }

    /** A subscriber that was deleted, and the mappings that went with it. */
    record Departed(Subscriber subscriber, List<CgnMapping> mappings) {}

    private final List<PoolRange> pool;
    private final int maxMappings;
    private final Map<PcpAddress, Integer> subscribersPerAddress = new LinkedHashMap<>();
    private final Map<SubscriberId, Subscriber> subscribers = new HashMap<>();
    private final Map<SubscriberHandle, Subscriber> byHandle = new HashMap<>();
    private final Map<PcpMapHandle, CgnMapping> mappings = new LinkedHashMap<>();
    private final Map<SubscriberHandle, Set<PcpMapHandle>> bySubscriber = new HashMap<>();
    private final Function<CgnMapping, ?> inside;
    private final Map<Object, PcpMapHandle> byInternal = new HashMap<>();
    private final Map<ExternalTuple, PcpMapHandle> byExternal = new HashMap<>();
    private final Set<SubscriberId> blocked = new HashSet<>();
    private long handles;

    /**
     * @param maxMappings how many mappings there may be at once
     * @param inside what must be equal for two mappings to lead to the same host and port
     */
    CgnTable(List<PoolRange> pool, int maxMappings, Function<CgnMapping, ?> inside) {
        this.pool = List.copyOf(pool);
        this.maxMappings = maxMappings;
        this.inside = inside;
        pool.forEach(range -> subscribersPerAddress.put(range.external(), 0));
    }

    List<PoolRange> pool() {
        return pool;
    }

    /** {@return the external address that the fewest subscribers have} */
    PcpAddress leastUsedAddress() {
        return subscribersPerAddress.entrySet().stream()
                .min(Comparator.comparing(Map.Entry::getValue))
                .orElseThrow()
                .getKey();
    }

    boolean has(SubscriberHandle subscriber) {
        return byHandle.containsKey(subscriber);
    }

    boolean has(SubscriberId id) {
        return subscribers.containsKey(id);
    }

    /** {@return the subscriber, with the address that {@code choice} makes if it is a new one} */
    Subscriber getSubscriber(SubscriberId id, Supplier<PcpAddress> choice) throws CgnException {
        checkAuthorized(id);
        var known = subscribers.get(id);
        if (known != null) {
            return known;
        }
        if (subscribersPerAddress.isEmpty()) {
            throw new CgnException(CgnError.NO_RESOURCES);
        }
        return add(id, choice.get());
    }

    /** {@return the subscriber, with the address {@code external}} */
    Subscriber createSubscriber(SubscriberId id, PcpAddress external) throws CgnException {
        checkAuthorized(id);
        if (!isOurs(external)) {
            throw new CgnException(CgnError.BAD_EXTERNAL_ADDRESS);
        }
        var known = subscribers.get(id);
        if (known != null && !known.external().equals(external)) {
            throw new CgnException(CgnError.OTHER_EXTERNAL_ADDRESS);
        }
        return known != null ? known : add(id, external);
    }

    private void checkAuthorized(SubscriberId id) throws CgnException {
        if (blocked.contains(id)) {
            throw new CgnException(CgnError.NOT_AUTHORIZED);
        }
    }

    private boolean isOurs(PcpAddress external) {
        return subscribersPerAddress.containsKey(external);
    }

    private Subscriber add(SubscriberId id, PcpAddress external) {
        var added = new Subscriber(id, new SubscriberHandle(++handles), external);
        subscribers.put(id, added);
        byHandle.put(added.handle(), added);
        subscribersPerAddress.merge(external, 1, Integer::sum);
        return added;
    }

    Optional<Subscriber> subscriber(SubscriberId id) {
        return Optional.ofNullable(subscribers.get(id));
    }

    Optional<CgnMapping> mappingOn(IpProtocol protocol, Endpoint external) {
        return Optional.ofNullable(byExternal.get(new ExternalTuple(protocol, external)))
                .map(mappings::get);
    }

    /** {@return the handle of this very mapping, if it exists} */
    Optional<PcpMapHandle> find(CgnMapping wanted) {
        return Optional.ofNullable(byInternal.get(inside.apply(wanted)))
                .filter(handle -> mappings.get(handle).equals(wanted));
    }

    /** Adds {@code wanted}, which does not exist. */
    PcpMapHandle create(CgnMapping wanted) throws CgnException {
        var error = errorOf(wanted);
        if (error.isPresent()) {
            throw new CgnException(error.get());
        }
        var handle = new PcpMapHandle(++handles);
        mappings.put(handle, wanted);
        bySubscriber
                .computeIfAbsent(wanted.subscriber(), _ -> new LinkedHashSet<>())
                .add(handle);
        byInternal.put(inside.apply(wanted), handle);
        byExternal.put(ExternalTuple.of(wanted), handle);
        return handle;
    }

    private Optional<CgnError> errorOf(CgnMapping wanted) {
        var subscriber = byHandle.get(wanted.subscriber());
        if (subscriber == null) {
            return Optional.of(CgnError.INVALID_ARGUMENT);
        }
        var twin = Optional.ofNullable(byInternal.get(inside.apply(wanted))).map(mappings::get);
        boolean isForeign =
                twin.filter(it -> !it.subscriber().equals(wanted.subscriber())).isPresent();
        if (isForeign || !mayLeadTo(wanted.internal().address(), subscriber)) {
            return Optional.of(CgnError.NOT_AUTHORIZED);
        }
        if (!subscriber.external().equals(wanted.external().address())) {
            return Optional.of(CgnError.BAD_EXTERNAL_ADDRESS);
        }
        if (twin.isPresent() || byExternal.containsKey(ExternalTuple.of(wanted))) {
            return Optional.of(CgnError.INVALID_ARGUMENT);
        }
        return mappings.size() >= maxMappings ? Optional.of(CgnError.NO_RESOURCES) : Optional.empty();
    }

    /** Its own address, and the hosts behind it; never another subscriber, and never the outside. */
    private boolean mayLeadTo(PcpAddress internal, Subscriber subscriber) {
        return internal.equals(subscriber.id().address())
                || !internal.isUnspecified()
                        && !internal.toInetAddress().isMulticastAddress()
                        && !subscribers.containsKey(new SubscriberId(internal))
                        && !isOurs(internal);
    }

    /** {@return what {@code handle} stood for until now; empty if it is dead already} */
    Optional<CgnMapping> delete(PcpMapHandle handle) {
        var deleted = mappings.remove(handle);
        if (deleted == null) {
            return Optional.empty();
        }
        bySubscriber.computeIfPresent(deleted.subscriber(), (_, its) -> {
            its.remove(handle);
            return its.isEmpty() ? null : its;
        });
        byInternal.remove(inside.apply(deleted));
        byExternal.remove(ExternalTuple.of(deleted));
        return Optional.of(deleted);
    }

    /** {@return who has gone, with all its mappings; empty if it was not there} */
    Optional<Departed> deleteSubscriber(SubscriberId id) {
        var deleted = subscribers.remove(id);
        if (deleted == null) {
            return Optional.empty();
        }
        byHandle.remove(deleted.handle());
        subscribersPerAddress.merge(deleted.external(), -1, Integer::sum);
        var its = List.copyOf(bySubscriber.getOrDefault(deleted.handle(), Set.of()));
        return Optional.of(new Departed(
                deleted,
                its.stream().map(this::delete).flatMap(Optional::stream).toList()));
    }

    /** From now on this subscriber is not authorised. What it has stays. */
    void block(SubscriberId id) {
        blocked.add(id);
    }

    /** {@return all mappings, in the order of their creation} */
    List<LocalCgn.Entry> entries() {
        return mappings.values().stream()
                .map(mapping ->
                        new LocalCgn.Entry(byHandle.get(mapping.subscriber()).id(), mapping))
                .toList();
    }
}
