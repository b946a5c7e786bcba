package io.portreeve.server.channel;

import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.FilterHandle;
import io.portreeve.server.cgn.LocalCgn;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberHandle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the server has had the CGN make, which the next session has to make again. One thread at a time. */
final class Mirror {

    /** @param mapping whose filter it is */
    record Filtered(PcpMapHandle mapping, CgnFilter filter) {}

    final Map<SubscriberHandle, Subscriber> subscribers = new LinkedHashMap<>();
    final Map<PcpMapHandle, CgnMapping> mappings = new LinkedHashMap<>();
    final Map<FilterHandle, Filtered> filters = new LinkedHashMap<>();

    /** {@return the filter of a mapping that there is no more} */
    Optional<FilterHandle> remove(PcpMapHandle mapping) {
        mappings.remove(mapping);
        var filter = filters.entrySet().stream()
                .filter(entry -> entry.getValue().mapping().equals(mapping))
                .map(Map.Entry::getKey)
                .findFirst();
        filter.ifPresent(filters::remove);
        return filter;
    }

    /** {@return the mappings that have gone with the subscriber} */
    List<PcpMapHandle> remove(SubscriberHandle subscriber) {
        subscribers.remove(subscriber);
        var gone = mappings.entrySet().stream()
                .filter(entry -> entry.getValue().subscriber().equals(subscriber))
                .map(Map.Entry::getKey)
                .toList();
        gone.forEach(this::remove);
        return gone;
    }

    List<LocalCgn.Entry> table() {
        return mappings.values().stream()
                .map(mapping ->
                        new LocalCgn.Entry(subscribers.get(mapping.subscriber()).id(), mapping))
                .toList();
    }
}
