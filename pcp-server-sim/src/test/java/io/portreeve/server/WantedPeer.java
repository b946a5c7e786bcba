package io.portreeve.server;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.server.cgn.Endpoint;
import java.util.List;

/** A PEER request to vary: UDP from port 40000 to 198.51.100.10:80 for an hour, any external IPv4 address and port. */
record WantedPeer(
        MappingNonce nonce,
        IpProtocol protocol,
        int internalPort,
        long lifetime,
        int suggestedPort,
        PcpAddress suggestedAddress,
        Endpoint remote,
        List<PcpOption> options) {

    static WantedPeer peer() {
        return new WantedPeer(
                new MappingNonce(1, 2, 3),
                IpProtocol.UDP,
                40_000,
                3600,
                0,
                PcpAddress.ANY_IPV4,
                new Endpoint(PcpAddress.parse("198.51.100.10"), 80),
                List.of());
    }

    WantedPeer nonce(int word) {
        return new WantedPeer(
                new MappingNonce(word, 0, 0),
                protocol,
                internalPort,
                lifetime,
                suggestedPort,
                suggestedAddress,
                remote,
                options);
    }

    WantedPeer protocol(int number) {
        return new WantedPeer(
                nonce,
                new IpProtocol(number),
                internalPort,
                lifetime,
                suggestedPort,
                suggestedAddress,
                remote,
                options);
    }

    WantedPeer port(int internal) {
        return new WantedPeer(nonce, protocol, internal, lifetime, suggestedPort, suggestedAddress, remote, options);
    }

    WantedPeer lifetime(long seconds) {
        return new WantedPeer(nonce, protocol, internalPort, seconds, suggestedPort, suggestedAddress, remote, options);
    }

    WantedPeer suggest(int port) {
        return new WantedPeer(nonce, protocol, internalPort, lifetime, port, suggestedAddress, remote, options);
    }

    WantedPeer suggest(String address) {
        return new WantedPeer(
                nonce, protocol, internalPort, lifetime, suggestedPort, PcpAddress.parse(address), remote, options);
    }

    WantedPeer to(String address, int port) {
        var other = new Endpoint(PcpAddress.parse(address), port);
        return new WantedPeer(nonce, protocol, internalPort, lifetime, suggestedPort, suggestedAddress, other, options);
    }

    WantedPeer with(PcpOption... those) {
        return new WantedPeer(
                nonce, protocol, internalPort, lifetime, suggestedPort, suggestedAddress, remote, List.of(those));
    }

    PeerRequest build() {
        return new PeerRequest(
                new Lifetime(lifetime),
                Bench.CLIENT.address(),
                nonce,
                protocol,
                internalPort,
                suggestedPort,
                suggestedAddress,
                remote.port(),
                remote.address(),
                options);
    }
}
