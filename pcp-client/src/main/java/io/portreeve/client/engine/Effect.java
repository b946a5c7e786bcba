package io.portreeve.client.engine;

import io.portreeve.client.AuditReport;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingView;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.ServerView;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import java.time.Duration;
import java.util.List;

/** What the world must do for the engine. */
public sealed interface Effect {

    record Send(ServerAddress server, PcpRequest request) implements Effect {}

    /** What a server that answers PCP with version 0 is asked instead. */
    record SendNatPmp(ServerAddress server, NatPmpRequest request) implements Effect {}

    /** A way to the server is wanted, for there was none, or may be another one now; {@code Connected} or {@code Unreachable} says how it went. */
    record Connect(ServerAddress server) implements Effect {}

    /** To be on disk before anything is sent that comes with it or later; what comes without may wait a moment. */
    sealed interface Stored extends Effect permits Save, Erase {
        MappingId id();
    }

    record Save(Mapping mapping) implements Stored {
        @Override
        public MappingId id() {
            return mapping.id();
        }
    }

    record Erase(MappingId id) implements Stored {}

    record Answer(long ticket, MappingOutcome outcome) implements Effect {}

    record Listing(long ticket, List<MappingView> mappings) implements Effect {}

    record ServerListing(long ticket, List<ServerView> servers) implements Effect {}

    record Audited(long ticket, AuditReport report) implements Effect {}

    record Tell(MappingEvent event) implements Effect {}

    /**
     * A server answers nothing, though it is asked again and again; that goes on.
     *
     * @param unanswered how long it has not answered
     */
    record FellSilent(String server, Duration unanswered) implements Effect {}

    /** After {@link FellSilent}. */
    record AnswersAgain(String server) implements Effect {}
}
