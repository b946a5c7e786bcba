package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PortReservation;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import java.util.List;

/**
 * A request for a mapping that reached the server.
 *
 * @param maker what NAT-PMP asks is taken for a MAP without nonce and options
 */
record Request(Span ports, MapRequest map, Maker maker, MonoTime came) {
    static final MappingNonce NO_NONCE = new MappingNonce(0, 0, 0);

    /** @param largestSet the server gives no more ports at once */
    static Request of(PcpAddress subscriber, MapRequest map, int largestSet, MonoTime came) {
        var who = new Who(subscriber, map.protocol(), map.internalAddress(), map.internalPort());
        int count = Math.min(Math.min(wanted(map), largestSet), 65_536 - map.internalPort());
        return new Request(new Span(who, count), map, Maker.PCP, came);
    }

    private static int wanted(MapRequest map) {
        return map.options().stream()
                .filter(PortSet.class::isInstance)
                .mapToInt(set -> ((PortSet) set).size())
                .findFirst()
                .orElse(map.options().contains(new PortReservation()) ? 2 : 1);
    }

    static Request of(PcpAddress subscriber, NatPmpMapRequest wanted, MonoTime came) {
        var map = new MapRequest(
                wanted.lifetime(),
                subscriber,
                NO_NONCE,
                wanted.protocol(),
                wanted.internalPort(),
                wanted.suggestedPort(),
                PcpAddress.ANY_IPV4,
                List.of());
        var who = new Who(subscriber, wanted.protocol(), subscriber, wanted.internalPort());
        return new Request(new Span(who, 1), map, Maker.NAT_PMP, came);
    }

    Who who() {
        return ports.first();
    }

    PcpAddress subscriber() {
        return who().subscriber();
    }

    boolean deletes() {
        return map.lifetime().isDelete();
    }

    /** NAT-PMP's word for all that it mapped in one protocol. */
    private boolean deletesAll() {
        return maker == Maker.NAT_PMP && deletes() && map.internalPort() == 0;
    }

    /** {@return true if it is about the mapping of {@code its} ports, whoever may change that} */
    boolean concerns(Span its) {
        return deletesAll() ? its.first().isOnHostOf(who()) : ports.overlaps(its);
    }

    /** {@return true if it may change what {@code other} made with {@code nonce}} A PCP client takes over what NAT-PMP made. */
    boolean mayChange(Maker other, MappingNonce nonce) {
        return other == Maker.NAT_PMP
                || other == Maker.PCP && maker == Maker.PCP && map.nonce().equals(nonce);
    }

    /** {@return true if this may have made {@code row}, or made it what it is} */
    boolean mayHaveMade(DiskRow row) {
        return !deletes() && maker == row.maker() && map.nonce().equals(row.nonce()) && concerns(row.ports());
    }

    boolean mayHaveEnded(DiskRow row) {
        return deletes() && mayChange(row.maker(), row.nonce()) && concerns(row.ports());
    }

    List<Filter> filters() {
        return map.options().stream()
                .filter(Filter.class::isInstance)
                .map(Filter.class::cast)
                .toList();
    }

    List<String> descriptions() {
        return map.options().stream()
                .filter(Description.class::isInstance)
                .map(option -> ((Description) option).text())
                .toList();
    }

    Lifetime lifetime() {
        return map.lifetime();
    }

    boolean repeats(Request other) {
        return maker == other.maker && map.equals(other.map);
    }
}
