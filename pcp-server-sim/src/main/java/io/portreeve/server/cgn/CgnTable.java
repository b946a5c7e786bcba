package io.portreeve.server.cgn;

import io.portreeve.pcp.PcpAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

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
    private final Map<PcpMapHandle, CgnMapping> mappings = new HashMap<>();
    private final Function<InternalTuple, ?> inside;
    private final Map<Object, PcpMapHandle> byInternal = new HashMap<>();
    private final EndpointMap<PcpMapHandle> byExternal = new EndpointMap<>();
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
        return Optional.ofNullable(byExternal.get(external.protocol(), external.external()));
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
        if (byInternal.containsKey(insideOf(wanted))
                || mappingOn(ExternalTuple.of(wanted)).isPresent()) {
            throw new CgnException(CgnError.INVALID_ARGUMENT);
        }
        if (mappings.size() >= maxMappings) {
            throw new CgnException(CgnError.NO_RESOURCES);
        }
        var handle = new PcpMapHandle(++handles);
        mappings.put(handle, wanted);
        byInternal.put(insideOf(wanted), handle);
        byExternal.putIfAbsent(wanted.protocol(), wanted.external(), handle);
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
        byInternal.remove(insideOf(deleted));
        byExternal.remove(deleted.protocol(), deleted.external());
        return Optional.of(new Filtered(deleted, filters.remove(handle)));
    }

    /** {@return all that there were} */
    List<Filtered> deleteAll() {
        return List.copyOf(mappings.keySet()).stream()
                .map(this::delete)
                .flatMap(Optional::stream)
                .toList();
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
        return subscribers
                .remove(id, external)
                .map(deleted -> new Departed(
                        deleted,
                        handlesOf(deleted.handle()).stream()
                                .map(this::delete)
                                .flatMap(Optional::stream)
                                .toList()));
    }

    /** That somebody is deleted is rare: an index for it would take more room than it saves time. */
    private List<PcpMapHandle> handlesOf(SubscriberHandle subscriber) {
        return sorted(mapping -> mapping.subscriber().equals(subscriber))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** {@return those that {@code which} says, in the order of their creation} */
    private Stream<Map.Entry<PcpMapHandle, CgnMapping>> sorted(Predicate<CgnMapping> which) {
        return mappings.entrySet().stream()
                .filter(entry -> which.test(entry.getValue()))
                .sorted(Comparator.comparingLong(entry -> entry.getKey().number()));
    }

    /** {@return all mappings, in the order of their creation} */
    List<LocalCgn.Entry> entries() {
        return sorted(_ -> true)
                .map(Map.Entry::getValue)
                .map(mapping -> new LocalCgn.Entry(
                        subscribers.find(mapping.subscriber()).orElseThrow().id(), mapping))
                .toList();
    }
}
