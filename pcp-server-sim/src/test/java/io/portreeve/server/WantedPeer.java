package io.portreeve.server;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.server.cgn.Endpoint;

/** A PEER request to vary: UDP from port 40000 to 198.51.100.10:80 for an hour, any external IPv4 address and port. */
record WantedPeer(Endpoint remote, Terms terms) implements Wanted<WantedPeer> {

    static WantedPeer peer() {
        var remote = new Endpoint(PcpAddress.parse("198.51.100.10"), 80);
        return new WantedPeer(remote, Terms.of(IpProtocol.UDP, 40_000));
    }

    WantedPeer to(String address, int port) {
        return new WantedPeer(new Endpoint(PcpAddress.parse(address), port), terms);
    }

    @Override
    public WantedPeer on(Terms other) {
        return new WantedPeer(remote, other);
    }

    PeerRequest build() {
        return new PeerRequest(
                new Lifetime(terms.lifetime()),
                Bench.CLIENT.address(),
                terms.nonce(),
                terms.protocol(),
                terms.internalPort(),
                terms.suggestedPort(),
                terms.suggestedAddress(),
                remote.port(),
                remote.address(),
                terms.options());
    }
}
