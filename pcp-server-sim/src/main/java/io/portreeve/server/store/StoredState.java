package io.portreeve.server.store;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.ServerEpoch;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an earlier server left behind.
 *
 * @param epoch empty if there was none, or if the machine has booted since and the time between is unknown
 * @param subscribers each with its external address
 * @param mappings with their expiry on today's clock, in the past included
 */
public record StoredState(
        Optional<ServerEpoch> epoch, Map<SubscriberId, PcpAddress> subscribers, List<MappingRow> mappings) {

    public StoredState {
        subscribers = Map.copyOf(subscribers);
        mappings = List.copyOf(mappings);
    }
}
