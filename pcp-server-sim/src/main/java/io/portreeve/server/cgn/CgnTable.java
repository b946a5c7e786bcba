package io.portreeve.server.cgn;

import io.portreeve.pcp.PcpAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a CGN keeps in its books: the explicit mappings of its subscribers, by handle and by both tuples, with their filters.
 * It says what is wrong with a request, and carries no packet. One thread at a time.
 */
final class CgnTable {

    /** A mapping, and the filter it has or had. */
    record Filtered(CgnMapping mapping, Optional<CgnFilter> filter) {}

    /** A subscriber that was deleted, and the mappings that went with it. */
    record Departed(Subscriber subscriber, List<Filtered> mappings) {}

    private final SubscriberTable subscribers;
    private final int maxMappings;
    private final Map<PcpMapHandle, CgnMapping> mappings = new LinkedHashMap<>();
    private final Map<SubscriberHandle, Set<PcpMapHandle>> bySubscriber = new HashMap<>();
    private final Function<InternalTuple, ?> inside;
    private final Map<Object, PcpMapHandle> byInternal = new HashMap<>();
    private final Map<ExternalTuple, PcpMapHandle> byExternal = new HashMap<>();
    private final FilterTable filters = new FilterTable();
    private long handles;

    /**
     * @param maxMappings how many mappings there may be at once
     * @param inside what must be equal for two mappings to lead to the same host and port
     */
    CgnTable(SubscriberTable subscribers, int maxMappings, Function<InternalTuple, ?> inside) {
        this.subscribers = subscribers;
        this.maxMappings = maxMappings;
        this.inside = inside;
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
        checkExternal(subscriber, wanted.internal(), wanted.external());
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
        var subscriber =
                subscribers.find(internal.subscriber()).orElseThrow(() -> new CgnException(CgnError.INVALID_ARGUMENT));
        var twin = mappingOf(internal);
        boolean isForeign =
                twin.filter(it -> !it.subscriber().equals(subscriber.handle())).isPresent();
        if (isForeign || !subscribers.mayLeadTo(internal.internal().address(), subscriber)) {
            throw new CgnException(CgnError.NOT_AUTHORIZED);
        }
        return subscriber;
    }

    private void checkExternal(Subscriber subscriber, Endpoint internal, Endpoint external) throws CgnException {
        if (!subscribers.mayHave(subscriber, internal, external)) {
            throw new CgnException(CgnError.BAD_EXTERNAL_ADDRESS);
        }
    }

    /** Checks an address that may be left out. */
    void checkHint(Subscriber subscriber, Endpoint internal, PcpAddress external) throws CgnException {
        if (!external.isUnspecified()) {
            checkExternal(subscriber, internal, new Endpoint(external, internal.port()));
        }
    }

    /** Checks that traffic can go there. */
    static void checkRemote(Endpoint remote) throws CgnException {
        if (remote.port() == 0 || !SubscriberTable.isOfAHost(remote.address())) {
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

    /**
     * {@return who has gone, with all its mappings; empty if it was not there}
     *
     * @param external of the family that it is deleted in
     */
    Optional<Departed> deleteSubscriber(SubscriberId id, PcpAddress external) {
        return subscribers.remove(id, external).map(deleted -> {
            var its = List.copyOf(bySubscriber.getOrDefault(deleted.handle(), Set.of()));
            return new Departed(
                    deleted,
                    its.stream().map(this::delete).flatMap(Optional::stream).toList());
        });
    }

    /** {@return all mappings, in the order of their creation} */
    List<LocalCgn.Entry> entries() {
        return mappings.values().stream()
                .map(mapping -> new LocalCgn.Entry(
                        subscribers.find(mapping.subscriber()).orElseThrow().id(), mapping))
                .toList();
    }
}
