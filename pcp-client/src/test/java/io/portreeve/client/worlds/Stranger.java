package io.portreeve.client.worlds;

import io.portreeve.client.MappingKey;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.Station;
import java.util.List;

/** Another program on the client's machine, with mappings of its own: it asks once and does not listen. */
final class Stranger {
    private static final int PORT = 40_000;

    private final Parts parts;

    Stranger(Parts parts) {
        this.parts = parts;
    }

    void ask(Action.Stranger wanted, Chance chance) {
        var key = SmallWorld.MAPPINGS.get(wanted.mapping());
        var address = parts.client.address();
        if (parts.client.pcp().uplink().isUp()) {
            var octets = PcpEncoder.encode(request(address, key, wanted));
            parts.network.send(new Station(address, PORT), ServerHost.ADDRESS, octets, chance);
        }
    }

    private static MapRequest request(PcpAddress address, MappingKey key, Action.Stranger wanted) {
        return new MapRequest(
                isDelete(wanted.kind()) ? Lifetime.DELETE : wanted.lifetime(),
                address,
                new MappingNonce(0, 0, wanted.mapping()),
                key.protocol(),
                isSamePort(wanted.kind()) ? key.internalPort() : key.internalPort() + 1,
                isDelete(wanted.kind()) ? 0 : wanted.suggestedPort(),
                PcpAddress.ANY_IPV4,
                key.thirdParty()
                        .<PcpOption>map(PcpOption.ThirdParty::new)
                        .map(List::of)
                        .orElse(List.of()));
    }

    private static boolean isDelete(Action.Kind kind) {
        return kind == Action.Kind.DELETE || kind == Action.Kind.SAME_PORT_DELETE;
    }

    private static boolean isSamePort(Action.Kind kind) {
        return kind == Action.Kind.SAME_PORT || kind == Action.Kind.SAME_PORT_DELETE;
    }
}
