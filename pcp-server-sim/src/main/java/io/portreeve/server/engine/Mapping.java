package io.portreeve.server.engine;

import io.portreeve.server.cgn.FilterHandle;
import io.portreeve.server.cgn.PcpMapHandle;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A mapping that exists: its row, and what the CGN calls it.
 *
 * @param handles one for each port
 * @param filters one for each port, or none
 */
public record Mapping(MappingRow row, List<PcpMapHandle> handles, List<FilterHandle> filters) {

    public Mapping {
        handles = List.copyOf(handles);
        filters = List.copyOf(filters);
    }

    public MappingKey key() {
        return row.key();
    }

    /** {@return a key for each of its ports} */
    List<MappingKey> keys() {
        if (row.terms().ports() == 1) {
            return List.of(key());
        }
        return IntStream.range(0, row.terms().ports()).mapToObj(key()::plus).toList();
    }

    Mapping with(MappingRow other) {
        return new Mapping(other, handles, filters);
    }

    public Mapping withFilters(List<FilterHandle> others) {
        return new Mapping(row, handles, others);
    }
}
