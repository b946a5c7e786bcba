package io.portreeve.igd.worlds.checker;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingKey;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a home has heard that the provider grants. */
final class HeardGrants {
    /** How long the gateway takes to notice an end. */
    private static final Duration NOTICING = Duration.ofMillis(20);

    private record Grant(Endpoint external, MonoTime until) {}

    private final Map<MappingKey, Grant> grants = new HashMap<>();
    private final Set<PcpAddress> externals = new HashSet<>();

    private final Map<MappingKey, MappingNonce> nonces = new HashMap<>();

    void sends(MapRequest request) {
        if (!request.lifetime().isDelete()) {
            nonces.put(inside(request.options(), request.protocol(), request.internalPort()), request.nonce());
        }
    }

    /** What is heard of {@code inside} after this counts. */
    void released(MappingKey inside) {
        grants.remove(inside);
    }

    private static MappingKey inside(List<PcpOption> options, IpProtocol protocol, int port) {
        var thirdParty = options.stream()
                .filter(PcpOption.ThirdParty.class::isInstance)
                .map(option -> ((PcpOption.ThirdParty) option).internal())
                .findFirst();
        return new MappingKey(thirdParty, protocol, port, PcpAddress.ANY_IPV4);
    }

    void hears(MapResponse response, MonoTime now) {
        var inside = inside(response.options(), response.protocol(), response.internalPort());
        if (!response.isSuccess() || !response.nonce().equals(nonces.get(inside))) {
            return;
        }
        if (response.lifetime().isDelete()) {
            return; // it may have passed the answer to a later request on its way
        }
        var external = new Endpoint(response.assignedAddress(), response.assignedPort());
        var until = now.plus(Duration.ofSeconds(response.lifetime().seconds()));
        grants.put(inside, new Grant(external, until));
        externals.add(external.address());
    }

    /** {@return the endpoint that is granted for {@code inside}} */
    Optional<Endpoint> of(MappingKey inside, MonoTime now) {
        return Optional.ofNullable(grants.get(inside))
                .filter(grant -> now.isBefore(grant.until().plus(NOTICING)))
                .map(Grant::external);
    }

    boolean hasEverHad(PcpAddress external) {
        return externals.contains(external);
    }
}
