package io.portreeve.server;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import java.util.List;

/** A MAP request to vary: TCP 8080 for an hour, any external IPv4 address and port. */
record WantedMap(
        PcpAddress client,
        MappingNonce nonce,
        IpProtocol protocol,
        int internalPort,
        long lifetime,
        int suggestedPort,
        PcpAddress suggestedAddress,
        List<PcpOption> options) {

    static final PcpOption PREFER_FAILURE = new PcpOption.PreferFailure();

    static WantedMap map() {
        return new WantedMap(
                Bench.CLIENT.address(),
                new MappingNonce(1, 2, 3),
                IpProtocol.TCP,
                8080,
                3600,
                0,
                PcpAddress.ANY_IPV4,
                List.of());
    }

    static PcpOption thirdParty(String internal) {
        return new PcpOption.ThirdParty(PcpAddress.parse(internal));
    }

    WantedMap from(PcpAddress other) {
        return new WantedMap(other, nonce, protocol, internalPort, lifetime, suggestedPort, suggestedAddress, options);
    }

    WantedMap nonce(int word) {
        return new WantedMap(
                client,
                new MappingNonce(word, 0, 0),
                protocol,
                internalPort,
                lifetime,
                suggestedPort,
                suggestedAddress,
                options);
    }

    WantedMap protocol(int number) {
        return new WantedMap(
                client,
                nonce,
                new IpProtocol(number),
                internalPort,
                lifetime,
                suggestedPort,
                suggestedAddress,
                options);
    }

    WantedMap port(int internal) {
        return new WantedMap(client, nonce, protocol, internal, lifetime, suggestedPort, suggestedAddress, options);
    }

    WantedMap lifetime(long seconds) {
        return new WantedMap(client, nonce, protocol, internalPort, seconds, suggestedPort, suggestedAddress, options);
    }

    WantedMap suggest(int port) {
        return new WantedMap(client, nonce, protocol, internalPort, lifetime, port, suggestedAddress, options);
    }

    WantedMap suggest(String address) {
        return new WantedMap(
                client, nonce, protocol, internalPort, lifetime, suggestedPort, PcpAddress.parse(address), options);
    }

    WantedMap with(PcpOption... those) {
        return new WantedMap(
                client, nonce, protocol, internalPort, lifetime, suggestedPort, suggestedAddress, List.of(those));
    }

    MapRequest build() {
        return new MapRequest(
                new Lifetime(lifetime),
                client,
                nonce,
                protocol,
                internalPort,
                suggestedPort,
                suggestedAddress,
                options);
    }
}
