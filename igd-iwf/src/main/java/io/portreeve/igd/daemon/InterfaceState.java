package io.portreeve.igd.daemon;

import io.portreeve.client.net.InterfaceAddress;
import io.portreeve.client.net.InterfaceAddress.Scope;
import io.portreeve.client.net.Link;
import io.portreeve.client.net.NetworkState;
import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One network interface at one moment, there or not.
 *
 * @param carries packets can leave through it
 * @param addresses of both families, in use
 */
record InterfaceState(boolean carries, List<InterfaceAddress> addresses) {

    static InterfaceState of(String name, NetworkState state) {
        var link = state.links().stream().filter(it -> it.name().equals(name)).findFirst();
        return new InterfaceState(
                link.filter(Link::carries).isPresent(),
                state.addresses().stream()
                        .filter(it -> link.filter(found -> found.index() == it.interfaceIndex())
                                .isPresent())
                        .filter(InterfaceAddress::isUsable)
                        .toList());
    }

    private Stream<InterfaceAddress> ipv4() {
        return addresses.stream().filter(it -> it.address().isIpv4());
    }

    /** {@return its IPv4 address that is valid beyond its link: {@code before} for as long as it has that one} */
    Optional<PcpAddress> address(Optional<PcpAddress> before) {
        return kept(before, ipv4().filter(it -> it.scope() == Scope.GLOBAL).map(InterfaceAddress::address));
    }

    /** {@return its IPv6 addresses and networks, that of the link among them} */
    List<LanPrefix> ipv6Prefixes() {
        return addresses.stream()
                .filter(it -> !it.address().isIpv4())
                .flatMap(InterfaceState::lan)
                .toList();
    }

    /** {@return its IPv4 address and network, if that is one for hosts: {@code before} for as long as it has that one} */
    Optional<LanPrefix> prefix(Optional<LanPrefix> before) {
        return kept(before, ipv4().flatMap(InterfaceState::lan));
    }

    private static <T> Optional<T> kept(Optional<T> before, Stream<T> now) {
        var all = now.toList();
        return before.filter(all::contains).or(() -> all.stream().findFirst());
    }

    private static Stream<LanPrefix> lan(InterfaceAddress address) {
        try {
            return Stream.of(new LanPrefix(address.address(), address.prefixLength()));
        } catch (IllegalArgumentException _) {
            return Stream.empty(); // as of a point-to-point link
        }
    }
}
