package io.portreeve.server.cgn;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The filters of a CGN's explicit mappings, one each at most. It does not know which mappings exist. One thread at a time. */
final class FilterTable {
    private record Entry(FilterHandle handle, CgnFilter filter) {}

    private final Map<PcpMapHandle, Entry> byMapping = new HashMap<>();
    private final Map<FilterHandle, PcpMapHandle> mappings = new HashMap<>();
    private long handles;

    /** {@return its handle, the same one if the mapping has this very filter} */
    FilterHandle create(PcpMapHandle mapping, CgnFilter filter) throws CgnException {
        var existing = byMapping.get(mapping);
        if (existing != null) {
            if (!existing.filter().equals(filter)) {
                throw new CgnException(CgnError.COLLISION);
            }
            return existing.handle();
        }
        var handle = new FilterHandle(++handles);
        byMapping.put(mapping, new Entry(handle, filter));
        mappings.put(handle, mapping);
        return handle;
    }

    void replace(FilterHandle handle, CgnFilter filter) {
        byMapping.put(mappings.get(handle), new Entry(handle, filter));
    }

    int size() {
        return mappings.size();
    }

    /** {@return whose filter it is; empty if the handle is dead} */
    Optional<PcpMapHandle> mappingOf(FilterHandle handle) {
        return Optional.ofNullable(mappings.get(handle));
    }

    Optional<CgnFilter> of(PcpMapHandle mapping) {
        return Optional.ofNullable(byMapping.get(mapping)).map(Entry::filter);
    }

    /** {@return the filter that the mapping had until now} */
    Optional<CgnFilter> remove(PcpMapHandle mapping) {
        return Optional.ofNullable(byMapping.remove(mapping)).map(entry -> {
            mappings.remove(entry.handle());
            return entry.filter();
        });
    }
}
