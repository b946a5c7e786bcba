package io.portreeve.server.engine;

import io.portreeve.server.cgn.Subscriber;
import java.util.List;

/**
 * What a server starts with.
 *
 * @param subscribers as the CGN knows them again
 * @param mappings as the CGN has them again; their ports are taken out of the pool
 */
public record RestoredState(List<Subscriber> subscribers, List<Mapping> mappings) {

    public RestoredState {
        subscribers = List.copyOf(subscribers);
        mappings = List.copyOf(mappings);
    }
}
