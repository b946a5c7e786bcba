package io.portreeve.server.engine;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;
import java.util.OptionalInt;

/** What can happen to the server. */
public sealed interface ServerEvent {

    /** A datagram came that wants an answer. */
    sealed interface Asks extends ServerEvent {
        long requestId();

        Client client();
    }

    /** A well-formed request came. */
    record Received(long requestId, Client client, PcpRequest request) implements Asks {}

    /** A datagram came that the decoder refuses. */
    record Refused(long requestId, Client client, ResultCode result) implements Asks {}

    /** A well-formed NAT-PMP request came. */
    record ReceivedNatPmp(long requestId, Client client, NatPmpRequest request) implements Asks {}

    /** A NAT-PMP datagram came that the decoder refuses. */
    record RefusedNatPmp(long requestId, Client client, NatPmpResult result) implements Asks {}

    /**
     * The CGN, which is another program, is certain to have what it was asked for until then. Until this is told, it is part of
     * the server, and there for ever.
     */
    record CgnAlive(MonoTime until) implements ServerEvent {}

    /** The CGN answered a call. */
    record CgnDone(long callId, CgnAnswer answer) implements ServerEvent {}

    /** The administration deleted a subscriber; the CGN has dropped its mappings already. */
    record SubscriberDeleted(SubscriberHandle subscriber) implements ServerEvent {}

    /** The operator wants a mapping that needs no client, and to hear what becomes of it. */
    record AddStatic(long orderId, SubscriberId subscriber, IpProtocol protocol, Endpoint internal, Endpoint external)
            implements ServerEvent {}

    /**
     * The operator is about to delete this subscriber at the CGN, only to give it another external address: its mappings are to
     * move there. He hears what becomes of that.
     */
    record Renumber(long orderId, SubscriberId subscriber, PcpAddress external) implements ServerEvent {}

    /** The operator takes all mappings away but the static ones. */
    record Clear() implements ServerEvent {}

    /** The operator takes those of one subscriber away. */
    record ClearOf(SubscriberId subscriber) implements ServerEvent {}

    /** A DHCP server took this address back: whoever has it next is another. */
    record LeaseEnded(PcpAddress address) implements ServerEvent {}

    /** The server starts, and an earlier one may have granted what this one does not know. */
    record StateLost() implements ServerEvent {}

    /** Someone wants to see the table. */
    record ListMappings(long listingId) implements ServerEvent {}

    /**
     * Ports are as scarce as this from now on.
     *
     * @param quota mapped ports of one subscriber at most, in the place of the policy's
     * @param isPoolExhausted no client gets a port that is not its own already
     */
    record Scarce(OptionalInt quota, boolean isPoolExhausted) implements ServerEvent {}

    /** All rows since the last such event are on disk. */
    record Saved() implements ServerEvent {}

    /** None of the rows since the last such event is on disk. */
    record NotSaved() implements ServerEvent {}

    /** Time has passed. */
    record Due() implements ServerEvent {}
}
