package io.portreeve.igd.iwf;

import io.portreeve.client.MappingKey;
import java.util.List;
import java.util.Optional;

/**
 * The gateway at one moment, for the person who runs it.
 *
 * @param entries all of them, in the order they were made
 * @param underWay how many changes of the table are not done yet
 * @param sentinel the mapping by which an idle gateway knows its external address; empty if it needs none
 * @param denials how often a host was denied something since the start
 */
public record Snapshot(
        GatewayState state, List<IgdReply.Entry> entries, int underWay, Optional<MappingKey> sentinel, long denials) {
    public Snapshot {
        entries = List.copyOf(entries);
    }
}
