package io.portreeve.server;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;

/** A MAP request to vary: TCP 8080 for an hour, any external IPv4 address and port. */
record WantedMap(PcpAddress client, Terms terms) implements Wanted<WantedMap> {

    static final PcpOption PREFER_FAILURE = new PcpOption.PreferFailure();

    static WantedMap map() {
        return new WantedMap(Bench.CLIENT.address(), Terms.of(IpProtocol.TCP, 8080));
    }

    static PcpOption thirdParty(String internal) {
        return new PcpOption.ThirdParty(PcpAddress.parse(internal));
    }

    WantedMap from(PcpAddress other) {
        return new WantedMap(other, terms);
    }

    @Override
    public WantedMap on(Terms other) {
        return new WantedMap(client, other);
    }

    MapRequest build() {
        return new MapRequest(
                new Lifetime(terms.lifetime()),
                client,
                terms.nonce(),
                terms.protocol(),
                terms.internalPort(),
                terms.suggestedPort(),
                terms.suggestedAddress(),
                terms.options());
    }
}
