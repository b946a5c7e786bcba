package io.portreeve.server.faults;

import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.server.engine.ServerEffect.AnnounceToAll;
import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.RefuseNatPmp;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEffect.ReplyNatPmp;
import io.portreeve.server.engine.ServerEffect.Send;
import io.portreeve.server.engine.ServerEffect.SendNatPmp;
import io.portreeve.server.engine.ServerEffect.Sent;

/** Messages that say what is not so. */
record Lies(Faults faults) {

    Sent in(Sent message) {
        return switch (message) {
            case Reply(long id, var response) -> new Reply(id, in(response));
            case Refuse(long id, var result, var lifetime, var epoch) -> new Refuse(id, result, lifetime, epoch(epoch));
            case ReplyNatPmp(long id, var response) -> new ReplyNatPmp(id, in(response));
            case RefuseNatPmp(long id, var result, var epoch) -> new RefuseNatPmp(id, result, epoch(epoch));
            case Ignore ignore -> ignore;
            case Send(var client, var response) -> new Send(client, in(response));
            case SendNatPmp(var client, var response) -> new SendNatPmp(client, in(response));
            case AnnounceToAll(var response) -> new AnnounceToAll(in(response));
        };
    }

    private PcpResponse in(PcpResponse response) {
        return switch (response) {
            case MapResponse map -> in(map);
            case PeerResponse peer -> in(peer);
            case AnnounceResponse announce -> in(announce);
            case GetResponse get ->
                new GetResponse(
                        get.result(), get.lifetime(), epoch(get.epoch()), get.nonce(), get.filter(), get.options());
        };
    }

    private AnnounceResponse in(AnnounceResponse announce) {
        return new AnnounceResponse(announce.result(), epoch(announce.epoch()), announce.options());
    }

    private MapResponse in(MapResponse map) {
        boolean grants = map.isSuccess() && !map.lifetime().isDelete();
        return new MapResponse(
                map.result(),
                grants ? lifetime(map.lifetime()) : map.lifetime(),
                epoch(map.epoch()),
                map.nonce(),
                map.protocol(),
                map.internalPort(),
                map.assignedPort(),
                grants ? external(map.assignedAddress()) : map.assignedAddress(),
                map.options());
    }

    private PeerResponse in(PeerResponse peer) {
        boolean grants = peer.isSuccess() && !peer.lifetime().isDelete();
        return new PeerResponse(
                peer.result(),
                grants ? lifetime(peer.lifetime()) : peer.lifetime(),
                epoch(peer.epoch()),
                peer.nonce(),
                peer.protocol(),
                peer.internalPort(),
                peer.assignedPort(),
                grants ? external(peer.assignedAddress()) : peer.assignedAddress(),
                peer.remotePort(),
                peer.remoteAddress(),
                peer.options());
    }

    private NatPmpResponse in(NatPmpResponse response) {
        boolean isSuccess = response.result() == NatPmpResult.SUCCESS;
        var epoch = epoch(response.epoch());
        return switch (response) {
            case ExternalAddressResponse(var result, var _, var external) ->
                new ExternalAddressResponse(result, epoch, isSuccess ? externalIpv4(external) : external);
            case NatPmpMapResponse map ->
                new NatPmpMapResponse(
                        map.protocol(),
                        map.result(),
                        epoch,
                        map.internalPort(),
                        map.externalPort(),
                        isSuccess && !map.lifetime().isDelete() ? lifetime(map.lifetime()) : map.lifetime());
        };
    }

    private Lifetime lifetime(Lifetime truth) {
        return faults.lifetime().orElse(truth);
    }

    private PcpAddress external(PcpAddress truth) {
        return faults.external().orElse(truth);
    }

    private PcpAddress externalIpv4(PcpAddress truth) {
        return faults.external().filter(PcpAddress::isIpv4).orElse(truth);
    }

    private EpochTime epoch(EpochTime truth) {
        return new EpochTime(Math.clamp(truth.seconds() + faults.epoch(), 0, 0xFFFF_FFFFL));
    }
}
