package io.portreeve.client.engine;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingView;
import io.portreeve.pcp.PcpRequest;
import java.util.List;

/** What the world must do for the engine. */
public sealed interface Effect {

    record Send(PcpRequest request) implements Effect {}

    /** To be on disk before anything is sent that comes with it or later; what comes without may wait a moment. */
    sealed interface Stored extends Effect permits Save, Erase {
        MappingKey key();
    }

    record Save(Mapping mapping) implements Stored {
        @Override
        public MappingKey key() {
            return mapping.key();
        }
    }

    record Erase(MappingKey key) implements Stored {}

    record Answer(long ticket, MappingOutcome outcome) implements Effect {}

    record Listing(long ticket, List<MappingView> mappings) implements Effect {}

    record Tell(MappingEvent event) implements Effect {}
}
