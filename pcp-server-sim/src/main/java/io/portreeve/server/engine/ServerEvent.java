package io.portreeve.server.engine;

import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberHandle;

/** What can happen to the server. */
public sealed interface ServerEvent {

    /** A well-formed request came. */
    record Received(long requestId, Endpoint source, PcpRequest request) implements ServerEvent {}

    /** A datagram came that the decoder refuses. */
    record Refused(long requestId, Endpoint source, ResultCode result) implements ServerEvent {}

    /** The CGN answered a call. */
    record CgnDone(long callId, CgnAnswer answer) implements ServerEvent {}

    /** The administration deleted a subscriber; the CGN has dropped its mappings already. */
    record SubscriberDeleted(SubscriberHandle subscriber) implements ServerEvent {}

    /** Someone wants to see the table. */
    record ListMappings(long listingId) implements ServerEvent {}

    /** All rows since the last such event are on disk. */
    record Saved() implements ServerEvent {}

    /** None of the rows since the last such event is on disk. */
    record NotSaved() implements ServerEvent {}

    /** Time has passed. */
    record Due() implements ServerEvent {}
}
