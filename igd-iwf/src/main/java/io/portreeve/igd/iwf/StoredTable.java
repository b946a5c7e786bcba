package io.portreeve.igd.iwf;

import java.util.List;

/**
 * What an earlier run left.
 *
 * @param entries in the order they were made
 * @param updateId no SystemUpdateID that the earlier run told was above it; unsigned 32 bits, 0 if there was no earlier run
 */
public record StoredTable(List<PortMapping> entries, long updateId) {
    public static final StoredTable EMPTY = new StoredTable(List.of(), 0);

    public StoredTable {
        entries = List.copyOf(entries);
    }
}
