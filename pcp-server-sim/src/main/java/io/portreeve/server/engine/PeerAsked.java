package io.portreeve.server.engine;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.Endpoint;

/** One PEER request that waits for its answer. */
record PeerAsked(long requestId, Client client, PeerRequest peer) implements Asker {

    PeerKey key() {
        return new PeerKey(subscriber(), peer.protocol(), internal(), remote());
    }

    Endpoint internal() {
        return new Endpoint(peer.internalAddress(), peer.internalPort());
    }

    Endpoint remote() {
        return new Endpoint(peer.remoteAddress(), peer.remotePort());
    }

    MappingKey mappingKey() {
        return new MappingKey(subscriber(), peer.protocol(), internal(), Family.of(peer.suggestedAddress()));
    }

    @Override
    public boolean repeats(Asker earlier) {
        return earlier instanceof PeerAsked other && client.equals(other.client) && peer.equals(other.peer);
    }

    /** {@return true if {@code external} is what was suggested, as far as anything was} */
    boolean accepts(Endpoint external) {
        var address = peer.suggestedAddress();
        return (peer.suggestedPort() == 0 || peer.suggestedPort() == external.port())
                && (address.isUnspecified() || address.equals(external.address()));
    }

    PeerResponse granted(PeerRow row, EpochTime epoch) {
        return new PeerResponse(
                ResultCode.SUCCESS.value(),
                row.lifetime(),
                epoch,
                peer.nonce(),
                peer.protocol(),
                peer.internalPort(),
                row.external().port(),
                row.external().address(),
                peer.remotePort(),
                peer.remoteAddress(),
                peer.options().stream()
                        .filter(PcpOption.ThirdParty.class::isInstance)
                        .toList());
    }
}
