package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.worlds.Station;

/**
 * What the server says that a client has.
 *
 * @param ports of the first, if there are more
 */
record Grant(Span ports, Maker maker, MappingNonce nonce, Station external, Lifetime lifetime) {

    static Grant of(PcpAddress subscriber, MapResponse said) {
        var internal = said.thirdParty().orElse(subscriber);
        var who = new Who(subscriber, said.protocol(), internal, said.internalPort());
        int count = said.options().stream()
                .filter(PortSet.class::isInstance)
                .mapToInt(set -> ((PortSet) set).size())
                .findFirst()
                .orElse(1);
        var external = new Station(said.assignedAddress(), said.assignedPort());
        return new Grant(new Span(who, count), Maker.PCP, said.nonce(), external, said.lifetime());
    }

    Grant aSecondLess() {
        return new Grant(ports, maker, nonce, external, new Lifetime(lifetime.seconds() - 1));
    }

    Who who() {
        return ports.first();
    }
}
