package io.portreeve.server.engine;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.SubscriberId;
import java.util.List;

/** What the world must do about an event. */
public sealed interface ServerEffect {

    /** Ends an exchange. The edge keeps the request's octets until then; each request gets exactly one of these. */
    sealed interface Answer extends ServerEffect {
        long requestId();
    }

    record Reply(long requestId, PcpResponse response) implements Answer {}

    /** An error: its octets are the request's, which only the edge has. */
    record Refuse(long requestId, ResultCode result, Lifetime lifetime, EpochTime epoch) implements Answer {}

    /** Silence: the same request is being worked on, and that one gets the answer. */
    record Ignore(long requestId) implements Answer {}

    /** To be written. After each batch the engine is told {@code Saved} or {@code NotSaved}. */
    sealed interface Change extends ServerEffect {}

    record Save(MappingRow row) implements Change {}

    record Erase(MappingKey key) implements Change {}

    /** Erases a subscriber and all its mappings. */
    record Forget(SubscriberId subscriber) implements Change {}

    /** To be asked of the CGN; the answer comes as {@code CgnDone}. */
    record CgnCall(long callId, CgnRoutine routine) implements ServerEffect {}

    /** The table, as asked for. */
    record Listing(long listingId, List<MappingView> mappings) implements ServerEffect {}
}
