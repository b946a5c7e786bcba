package io.portreeve.client.engine;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingKey;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.PortReservation;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PeerResponse;
import java.util.List;
import java.util.Optional;

/** What a server says of one mapping, whether that was made by MAP or by PEER. */
record Said(
        MappingKey key,
        MappingNonce nonce,
        int result,
        Lifetime lifetime,
        EpochTime epoch,
        Endpoint assigned,
        List<PcpOption> options) {

    /** {@return what {@code response} says; empty if it is about no mapping that a client can have} */
    static Optional<Said> of(MapResponse response) {
        return MappingKey.isValid(response.protocol(), response.internalPort())
                ? Optional.of(new Said(
                        new MappingKey(
                                response.thirdParty(),
                                response.protocol(),
                                response.internalPort(),
                                response.assignedAddress().anyOfFamily()),
                        response.nonce(),
                        response.result(),
                        response.lifetime(),
                        response.epoch(),
                        new Endpoint(response.assignedAddress(), response.assignedPort()),
                        response.options()))
                : Optional.empty();
    }

    /** The external address may be of another family than the peer: RFC 6887 section 12.4. */
    static Optional<Said> of(PeerResponse response) {
        boolean isPeers = response.protocol().hasPorts()
                && MappingKey.isValid(response.protocol(), response.internalPort())
                && response.remotePort() != 0;
        return isPeers
                ? Optional.of(new Said(
                        new MappingKey(
                                response.thirdParty(),
                                response.protocol(),
                                response.internalPort(),
                                response.assignedAddress().anyOfFamily(),
                                Optional.of(new Endpoint(response.remoteAddress(), response.remotePort()))),
                        response.nonce(),
                        response.result(),
                        response.lifetime(),
                        response.epoch(),
                        new Endpoint(response.assignedAddress(), response.assignedPort()),
                        response.options()))
                : Optional.empty();
    }

    boolean isSuccess() {
        return result == 0;
    }

    /** {@return how many ports the mapping has; an option that does not come back was not granted} RFC 6887 section 7.3. */
    int ports() {
        return options.stream()
                .mapToInt(option -> switch (option) {
                    case PortSet set -> set.size();
                    case PortReservation _ -> 2;
                    default -> 1;
                })
                .max()
                .orElse(1);
    }
}
