package io.portreeve.server.cgn;

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
 * What a CGN keeps in its books: its subscribers and their explicit mappings, by handle and by both tuples, with their filters.
 * It says what is wrong with a request, and carries no packet. One thread at a time.
 */
final class CgnTable {

    /** A mapping, and the filter it has or had. */
    record Filtered(CgnMapping mapping, Optional<CgnFilter> filter) {}

    /** A subscriber that was deleted, and the mappings that went with it. */
    record Departed(Subscriber subscriber, List<Filtered> mappings) {}

    private final List<PoolRange> pool;
    private final int maxMappings;
    private final Map<PcpAddress, Integer> subscribersPerAddress = new LinkedHashMap<>();
    private final Map<SubscriberId, Subscriber> subscribers = new HashMap<>();
    private final Map<SubscriberHandle, Subscriber> byHandle = new HashMap<>();
    private final Map<PcpMapHandle, CgnMapping> mappings = new LinkedHashMap<>();
    private final Map<SubscriberHandle, Set<PcpMapHandle>> bySubscriber = new HashMap<>();
    private final Function<InternalTuple, ?> inside;
    private final Map<Object, PcpMapHandle> byInternal = new HashMap<>();
    private final Map<ExternalTuple, PcpMapHandle> byExternal = new HashMap<>();
    private final FilterTable filters = new FilterTable();
    private final Set<SubscriberId> blocked = new HashSet<>();
    private long handles;

    /**
     * @param maxMappings how many mappings there may be at once
     * @param inside what must be equal for two mappings to lead to the same host and port
     */
    CgnTable(List<PoolRange> pool, int maxMappings, Function<InternalTuple, ?> inside) {
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

    boolean isOurs(PcpAddress external) {
        return subscribersPerAddress.containsKey(external);
    }

    private Subscriber add(SubscriberId id, PcpAddress external) {
        var added = new Subscriber(id, new SubscriberHandle(++handles), external);
        subscribers.put(id, added);
        byHandle.put(added.handle(), added);
        subscribersPerAddress.merge(external, 1, Integer::sum);
        return added;
    }

    Subscriber subscriber(SubscriberHandle known) {
        return byHandle.get(known);
    }

    Optional<Subscriber> subscriber(SubscriberId id) {
        return Optional.ofNullable(subscribers.get(id));
    }

    /** {@return the mapping of a handle; empty if it is dead} */
    Optional<CgnMapping> mapping(PcpMapHandle handle) {
        return Optional.ofNullable(mappings.get(handle));
    }

    Optional<PcpMapHandle> mappingOn(ExternalTuple external) {
        return Optional.ofNullable(byExternal.get(external));
    }

    /** {@return the explicit mapping of {@code internal}} */
    Optional<CgnMapping> mappingOf(InternalTuple internal) {
        return Optional.ofNullable(byInternal.get(inside.apply(internal))).map(mappings::get);
    }

    /** {@return the handle of this very mapping, if it exists} */
    Optional<PcpMapHandle> find(CgnMapping wanted) {
        return Optional.ofNullable(byInternal.get(insideOf(wanted)))
                .filter(handle -> mappings.get(handle).equals(wanted));
    }

    private Object insideOf(CgnMapping mapping) {
        return inside.apply(InternalTuple.of(mapping));
    }

    /** Adds {@code wanted}, which does not exist. */
    PcpMapHandle create(CgnMapping wanted) throws CgnException {
        var subscriber = checkInside(InternalTuple.of(wanted));
        checkExternal(subscriber, wanted.external().address());
        if (byInternal.containsKey(insideOf(wanted)) || byExternal.containsKey(ExternalTuple.of(wanted))) {
            throw new CgnException(CgnError.INVALID_ARGUMENT);
        }
        if (mappings.size() >= maxMappings) {
            throw new CgnException(CgnError.NO_RESOURCES);
        }
        var handle = new PcpMapHandle(++handles);
        mappings.put(handle, wanted);
        bySubscriber
                .computeIfAbsent(wanted.subscriber(), _ -> new LinkedHashSet<>())
                .add(handle);
        byInternal.put(insideOf(wanted), handle);
        byExternal.put(ExternalTuple.of(wanted), handle);
        return handle;
    }

    /** {@return the subscriber, if it may have a mapping of {@code internal}} */
    Subscriber checkInside(InternalTuple internal) throws CgnException {
        var subscriber = byHandle.get(internal.subscriber());
        if (subscriber == null) {
            throw new CgnException(CgnError.INVALID_ARGUMENT);
        }
        var twin = mappingOf(internal);
        boolean isForeign =
                twin.filter(it -> !it.subscriber().equals(subscriber.handle())).isPresent();
        if (isForeign || !mayLeadTo(internal.internal().address(), subscriber)) {
            throw new CgnException(CgnError.NOT_AUTHORIZED);
        }
        return subscriber;
    }

    private static void checkExternal(Subscriber subscriber, PcpAddress external) throws CgnException {
        if (!subscriber.external().equals(external)) {
            throw new CgnException(CgnError.BAD_EXTERNAL_ADDRESS);
        }
    }

    /** Checks an address that may be left out. */
    static void checkHint(Subscriber subscriber, PcpAddress external) throws CgnException {
        if (!external.isUnspecified()) {
            checkExternal(subscriber, external);
        }
    }

    /** Its own address, and the hosts behind it; never another subscriber, and never the outside. */
    private boolean mayLeadTo(PcpAddress internal, Subscriber subscriber) {
        return internal.equals(subscriber.id().address())
                || isOfAHost(internal) && !subscribers.containsKey(new SubscriberId(internal)) && !isOurs(internal);
    }

    private static boolean isOfAHost(PcpAddress address) {
        return !address.isUnspecified() && !address.toInetAddress().isMulticastAddress();
    }

    /** Checks that traffic can go there. */
    static void checkRemote(Endpoint remote) throws CgnException {
        if (remote.port() == 0 || !isOfAHost(remote.address())) {
            throw new CgnException(CgnError.INVALID_ARGUMENT);
        }
    }

    /** {@return what {@code handle} stood for until now; empty if it is dead already} */
    Optional<Filtered> delete(PcpMapHandle handle) {
        var deleted = mappings.remove(handle);
        if (deleted == null) {
            return Optional.empty();
        }
        bySubscriber.computeIfPresent(deleted.subscriber(), (_, its) -> {
            its.remove(handle);
            return its.isEmpty() ? null : its;
        });
        byInternal.remove(insideOf(deleted));
        byExternal.remove(ExternalTuple.of(deleted));
        return Optional.of(new Filtered(deleted, filters.remove(handle)));
    }

    /** {@return its handle, the same one if the mapping has this very filter} */
    FilterHandle createFilter(PcpMapHandle mapping, CgnFilter filter) throws CgnException {
        checkFamily(mapping, filter);
        return filters.create(mapping, filter);
    }

    /** {@return the mapping, and the filter it has no more} */
    Filtered replaceFilter(FilterHandle handle, CgnFilter filter) throws CgnException {
        var before = filtered(handle).orElseThrow(() -> new CgnException(CgnError.INVALID_ARGUMENT));
        checkFamily(filters.mappingOf(handle).orElseThrow(), filter);
        filters.replace(handle, filter);
        return before;
    }

    /** {@return false if {@code filter} is not there any more; else it is as before} */
    boolean undoFilter(FilterHandle handle, CgnFilter filter, Optional<CgnFilter> before) {
        if (filtered(handle).flatMap(Filtered::filter).filter(filter::equals).isEmpty()) {
            return false;
        }
        before.ifPresentOrElse(it -> filters.replace(handle, it), () -> deleteFilter(handle));
        return true;
    }

    /** {@return the mapping and the filter of a handle; empty if it is dead} */
    Optional<Filtered> filtered(FilterHandle handle) {
        return filters.mappingOf(handle).map(mapping -> new Filtered(mappings.get(mapping), filters.of(mapping)));
    }

    int filters() {
        return filters.size();
    }

    Optional<CgnFilter> filterOf(PcpMapHandle mapping) {
        return filters.of(mapping);
    }

    /** {@return the mapping that has no filter any more, and that filter; empty if the handle is dead} */
    Optional<Filtered> deleteFilter(FilterHandle handle) {
        return filters.mappingOf(handle).map(mapping -> new Filtered(mappings.get(mapping), filters.remove(mapping)));
    }

    private void checkFamily(PcpMapHandle handle, CgnFilter filter) throws CgnException {
        var mapping = mappings.get(handle);
        if (mapping == null
                || mapping.external().address().isIpv4() != filter.remote().isIpv4()) {
            throw new CgnException(CgnError.INVALID_ARGUMENT);
        }
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
