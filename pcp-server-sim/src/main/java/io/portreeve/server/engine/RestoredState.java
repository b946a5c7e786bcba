package io.portreeve.server.engine;

import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberId;
import java.util.List;
import java.util.Map;

/**
 * What a server starts with.
 *
 * @param subscribers as the CGN knows them again
 * @param mappings as the CGN has them again; their ports are taken out of the pool
 * @param held ports that are held back; they are taken out of the pool too
 * @param epochs of the subscribers that have one of their own
 */
public record RestoredState(
        List<Subscriber> subscribers,
        List<Mapping> mappings,
        List<HeldPort> held,
        Map<SubscriberId, ServerEpoch> epochs) {

    public static final RestoredState NOTHING = new RestoredState(List.of(), List.of(), List.of(), Map.of());

    public RestoredState {
        subscribers = List.copyOf(subscribers);
        mappings = List.copyOf(mappings);
        held = List.copyOf(held);
        epochs = Map.copyOf(epochs);
    }
}
