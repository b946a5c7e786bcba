package io.portreeve.server.engine;

import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.NatPmpResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import java.util.List;

/** What the world must do about an event. */
public sealed interface ServerEffect {

    /** Leaves by the network, in the order in which it was decided: what is said last of a mapping is what holds. */
    sealed interface Sent extends ServerEffect {}

    /** Ends an exchange. The edge keeps the request's octets until then; each request gets exactly one of these. */
    sealed interface Answer extends Sent {
        long requestId();
    }

    record Reply(long requestId, PcpResponse response) implements Answer {}

    /** An error: its octets are the request's, which only the edge has. */
    record Refuse(long requestId, ResultCode result, Lifetime lifetime, EpochTime epoch) implements Answer {}

    record ReplyNatPmp(long requestId, NatPmpResponse response) implements Answer {}

    /** An error to what is no NAT-PMP this server speaks. */
    record RefuseNatPmp(long requestId, NatPmpResult result, EpochTime epoch) implements Answer {}

    /** Silence: the same request is being worked on, and that one gets the answer. */
    record Ignore(long requestId) implements Answer {}

    /** To be written. After each batch the engine is told {@code Saved} or {@code NotSaved}. */
    sealed interface Change extends ServerEffect {}

    record Save(MappingRow row) implements Change {}

    record Erase(MappingKey key) implements Change {}

    /** Erases a subscriber in one external family, and all its mappings there. */
    record Forget(SubscriberKey subscriber) implements Change {}

    record SavePeer(PeerRow row) implements Change {}

    record ErasePeer(PeerKey key) implements Change {}

    /** A port that is held back. */
    record Hold(HeldPort port) implements Change {}

    /** A port that is held back no longer. */
    record Release(HeldPort port) implements Change {}

    /** The epoch of all who have none of their own; those who had one have it no longer. */
    record SaveEpoch(ServerEpoch epoch) implements Change {}

    record SaveOwnEpoch(SubscriberId subscriber, ServerEpoch epoch) implements Change {}

    /** To be sent although nobody asked. */
    sealed interface Unasked extends Sent {}

    /** To be sent to the address and port given. */
    record Send(Client client, PcpResponse response) implements Unasked {}

    /** The same in NAT-PMP; the address may be one of many hosts. */
    record SendNatPmp(Endpoint client, NatPmpResponse response) implements Unasked {}

    /** The server lost state: to be sent to the groups where all clients listen. RFC 6887 section 14.1.3. */
    record AnnounceToAll(AnnounceResponse response) implements Unasked {}

    /** To be asked of the CGN; the answer comes as {@code CgnDone}. */
    record CgnCall(long callId, CgnRoutine routine) implements ServerEffect {}

    /** To be told to who runs the server, after what was decided before is on disk. */
    sealed interface Shown extends ServerEffect {}

    /** The table, as asked for. */
    record Listing(long listingId, List<MappingView> mappings) implements Shown {}

    /** What has become of a mapping that the operator wanted. Each order gets exactly one of these. */
    record Administered(long orderId, Addition outcome) implements Shown {}

    /** The same of a move. One that the CGN never begins is not answered. */
    record Renumbered(long orderId, Move outcome) implements Shown {}
}
