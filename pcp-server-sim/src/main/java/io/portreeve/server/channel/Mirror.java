package io.portreeve.server.channel;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.FilterHandle;
import io.portreeve.server.cgn.LocalCgn;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the server has had the CGN make, which the next session has to make again. One thread at a time. */
final class Mirror {

    /** @param mapping whose filter it is */
    record Filtered(PcpMapHandle mapping, CgnFilter filter) {}

    private final Kept<SubscriberHandle, Subscriber> subscribers = new Kept<>(SubscriberHandle::new);
    private final Kept<PcpMapHandle, CgnMapping> mappings = new Kept<>(PcpMapHandle::new);
    private final Kept<FilterHandle, Filtered> filters = new Kept<>(FilterHandle::new);
    private final Map<PcpMapHandle, FilterHandle> filterOf = new HashMap<>();

    Subscriber keep(String name, SubscriberId id, PcpAddress external) {
        var handle = subscribers.keep(name, it -> new Subscriber(id, it, external));
        return subscribers.all().get(handle);
    }

    PcpMapHandle keep(String name, CgnMapping mapping) {
        return mappings.keep(name, _ -> mapping);
    }

    FilterHandle keep(String name, Filtered filtered) {
        var handle = filters.keep(name, _ -> filtered);
        filterOf.put(filtered.mapping(), handle);
        return handle;
    }

    void replace(FilterHandle handle, CgnFilter filter) {
        filters.change(handle, before -> new Filtered(before.mapping(), filter));
    }

    boolean has(SubscriberHandle handle) {
        return subscribers.has(handle);
    }

    boolean has(PcpMapHandle handle) {
        return mappings.has(handle);
    }

    boolean has(FilterHandle handle) {
        return filters.has(handle);
    }

    Optional<SubscriberHandle> subscriber(String name) {
        return subscribers.named(name);
    }

    String name(SubscriberHandle handle) {
        return subscribers.name(handle);
    }

    String name(PcpMapHandle handle) {
        return mappings.name(handle);
    }

    String name(FilterHandle handle) {
        return filters.name(handle);
    }

    /** Its filter goes with it. */
    void remove(PcpMapHandle mapping) {
        mappings.remove(mapping);
        Optional.ofNullable(filterOf.remove(mapping)).ifPresent(filters::remove);
    }

    void remove(FilterHandle filter) {
        filters.remove(filter).ifPresent(removed -> filterOf.remove(removed.mapping()));
    }

    /** {@return what the CGN calls the mappings that have gone with the subscriber} */
    List<String> remove(SubscriberHandle subscriber) {
        subscribers.remove(subscriber);
        var gone = mappings.all().entrySet().stream()
                .filter(entry -> entry.getValue().subscriber().equals(subscriber))
                .map(Map.Entry::getKey)
                .toList();
        var names = gone.stream().map(mappings::name).toList();
        gone.forEach(this::remove);
        return names;
    }

    /** {@return a new session's work} What the CGN called things in the last one is forgotten. */
    Restoring restoring(boolean unlocks) {
        subscribers.forgetNames();
        mappings.forgetNames();
        filters.forgetNames();
        return new Restoring(subscribers.all(), mappings.all(), filters.all(), unlocks);
    }

    /**
     * Takes the names of what has been made again.
     *
     * @return the routines that take away what was deleted meanwhile, and what could be made again in part only
     */
    List<String> takeNames(Restored restored) {
        var routines = new ArrayList<String>();
        restored.subscribers().forEach((handle, name) -> {
            if (has(handle)) {
                subscribers.rename(handle, name);
            }
        });
        restored.mappings().forEach((handle, name) -> {
            if (has(handle)) {
                mappings.rename(handle, name);
            } else {
                routines.add("delete-pcp-mapping " + name);
            }
        });
        restored.filters().forEach((handle, filter) -> {
            if (has(handle)) {
                filters.rename(handle, filter.name());
            } else if (has(filter.mapping())) {
                routines.add("delete-filter " + filter.name());
            }
        });
        return routines;
    }

    List<LocalCgn.Entry> table() {
        return mappings.all().values().stream()
                .map(mapping -> new LocalCgn.Entry(
                        subscribers.all().get(mapping.subscriber()).id(), mapping))
                .toList();
    }
}
