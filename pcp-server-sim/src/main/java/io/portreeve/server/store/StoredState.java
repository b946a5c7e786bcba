package io.portreeve.server.store;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.HeldPort;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.server.engine.SubscriberKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an earlier server left behind.
 *
 * @param epoch empty if there was none, or if the machine has booted since and the time between is unknown
 * @param subscribers each with its external address of one family
 * @param epochs of the subscribers that had one of their own
 * @param mappings with their expiry on today's clock, in the past included
 * @param held ports that were held back, on today's clock, in the past included
 * @param peers how many outbound mappings were promised beyond now: no CGN can bring them back
 */
public record StoredState(
        Optional<ServerEpoch> epoch,
        Map<SubscriberId, ServerEpoch> epochs,
        Map<SubscriberKey, PcpAddress> subscribers,
        List<MappingRow> mappings,
        List<HeldPort> held,
        int peers) {

    public StoredState {
        subscribers =
                Collections.unmodifiableMap(new LinkedHashMap<>(subscribers)); // Map.copyOf has another order each run
        mappings = List.copyOf(mappings);
        held = List.copyOf(held);
        epochs = Map.copyOf(epochs);
    }
}
