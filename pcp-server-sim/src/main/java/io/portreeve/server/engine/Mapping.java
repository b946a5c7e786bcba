package io.portreeve.server.engine;

import io.portreeve.server.cgn.PcpMapHandle;

/** A mapping that exists: its row, and what the CGN calls it. */
public record Mapping(MappingRow row, PcpMapHandle handle) {

    public MappingKey key() {
        return row.key();
    }
}
