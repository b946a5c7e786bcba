package io.portreeve.server.engine;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PcpPorts;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.Subscriber;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The external addresses and ports that the CGN leaves to this server, and which of them are given away. */
public final class ExternalPool {

    private record Place(PcpAddress address, IpProtocol protocol) {}

    private record Own(IpProtocol protocol, Endpoint external) {}

    private final Map<Place, PortRange> places = new HashMap<>();

    /** What is given away of a firewall, where everybody has all ports of its own address and no others. */
    private final Set<Own> own = new HashSet<>();

    private final Set<PcpAddress> addresses = new HashSet<>();
    private final Set<Family> families = EnumSet.noneOf(Family.class);
    private final Set<IpProtocol> protocols = new HashSet<>();

    private final boolean isFirewall;

    public ExternalPool(List<PoolRange> ranges) {
        isFirewall = ranges.stream().anyMatch(PoolRange::isOfFirewall);
        for (var range : ranges) {
            var ports = new PortRange(range.firstPort(), range.lastPort());
            PcpPorts.of(range.protocol()).forEach(ports::takeExactly);
            places.put(new Place(range.external(), range.protocol()), ports);
            addresses.add(range.external());
            families.add(Family.of(range.external()));
            protocols.add(range.protocol());
        }
    }

    boolean hasBothFamilies() {
        return families.size() == 2;
    }

    /** {@return true if an external endpoint is the internal one, because nothing is translated} */
    boolean isFirewall() {
        return isFirewall;
    }

    /** {@return true if the mappings of {@code internal} may have this external family} */
    boolean has(Family external, PcpAddress internal) {
        return families.contains(external) && (!isFirewall() || Family.of(internal) == external);
    }

    /** {@return the address that the mappings of {@code internal} have} */
    PcpAddress addressOf(PcpAddress internal, Subscriber subscriber) {
        return isFirewall() ? internal : subscriber.external();
    }

    boolean has(PcpAddress external) {
        return addresses.contains(external);
    }

    /** {@return the external IPv4 address, if there is no other that a subscriber could have} */
    Optional<PcpAddress> onlyIpv4Address() {
        var ipv4 = addresses.stream().filter(PcpAddress::isIpv4).toList();
        return ipv4.size() == 1 ? Optional.of(ipv4.getFirst()) : Optional.empty();
    }

    boolean has(IpProtocol protocol) {
        return protocols.contains(protocol);
    }

    /** {@return true if this is the pool's to give, free or not} What traffic made has other ports: they are the CGN's. */
    boolean covers(IpProtocol protocol, Endpoint external) {
        if (isFirewall()) {
            return has(protocol);
        }
        var ports = places.get(new Place(external.address(), protocol));
        return ports != null && ports.covers(external.port());
    }

    /** {@return true if a subscriber may have it: this is free, or given away already} */
    boolean mayGive(IpProtocol protocol, Endpoint external) {
        return covers(protocol, external) && !PcpPorts.include(protocol, external.port());
    }

    /** {@return true if the first of {@code ports} is the pool's to give, and the others with it} */
    boolean covers(Ports ports) {
        return covers(ports.protocol(), ports.first());
    }

    public boolean covers(MappingRow row) {
        return covers(Ports.of(row));
    }

    /** {@return true if exactly this endpoint was free, and now is not} */
    public boolean takeExactly(IpProtocol protocol, Endpoint external) {
        if (isFirewall()) {
            return has(protocol)
                    && !PcpPorts.include(protocol, external.port())
                    && own.add(new Own(protocol, external));
        }
        var ports = places.get(new Place(external.address(), protocol));
        return ports != null && ports.takeExactly(external.port());
    }

    /** {@return an endpoint on {@code address} that was free, with the suggested port if possible} */
    Optional<Endpoint> take(IpProtocol protocol, PcpAddress address, int suggestedPort, RandomGenerator random) {
        var ports = places.get(new Place(address, protocol));
        var port = ports == null ? OptionalInt.empty() : ports.take(suggestedPort, random);
        return port.isPresent() ? Optional.of(new Endpoint(address, port.getAsInt())) : Optional.empty();
    }

    /** {@return contiguous ports on {@code address} that were free, as many as possible} RFC 7753 section 4.2. */
    Optional<Ports> takeSet(
            IpProtocol protocol,
            PcpAddress address,
            int suggestedPort,
            int count,
            OptionalInt parity,
            RandomGenerator random) {
        return Optional.ofNullable(places.get(new Place(address, protocol)))
                .flatMap(ports -> ports.takeRun(suggestedPort, count, parity, random))
                .map(run -> new Ports(protocol, new Endpoint(address, run.first()), run.count()));
    }

    /** {@return true if all ports of a mapping were free, and now are not} */
    public boolean takeExactly(MappingRow row) {
        var taken = new ArrayList<Endpoint>();
        for (var external : Ports.of(row).all()) {
            if (!takeExactly(row.key().protocol(), external)) {
                taken.forEach(it -> giveBack(row.key().protocol(), it));
                return false;
            }
            taken.add(external);
        }
        return true;
    }

    public void giveBack(MappingRow row) {
        giveBack(Ports.of(row));
    }

    void giveBack(Ports ports) {
        ports.all().forEach(external -> giveBack(ports.protocol(), external));
    }

    /** What is not the pool's stays the CGN's. */
    public void giveBack(IpProtocol protocol, Endpoint external) {
        if (isFirewall()) {
            own.remove(new Own(protocol, external));
        } else if (covers(protocol, external)) {
            places.get(new Place(external.address(), protocol)).giveBack(external.port());
        }
    }
}
