package io.portreeve.igd.daemon;

import io.portreeve.igd.iwf.LanNetwork;
import io.portreeve.igd.ssdp.Lan;
import io.portreeve.igd.ssdp.LanPrefix;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the gateway serves its hosts. */
record LanAddresses(Optional<LanPrefix> ipv4, List<LanPrefix> ipv6) {

    /** By which protocols hosts may find the gateway. */
    enum Families {
        IPV4,
        IPV4_AND_IPV6
    }

    /** {@return those of {@code state}, with the IPv4 address of {@code before} for as long as it is there} */
    static LanAddresses of(InterfaceState state, Optional<LanPrefix> before, Families families) {
        return new LanAddresses(
                state.prefix(before),
                switch (families) {
                    case IPV4 -> List.of();
                    case IPV4_AND_IPV6 -> state.ipv6Prefixes();
                });
    }

    /** {@return the network in which hosts have the addresses to which ports are opened} */
    Optional<LanNetwork> network() {
        return ipv4.map(it -> new LanNetwork(it.address(), it.prefixLength()));
    }

    List<Lan> on(String interfaceName) {
        return Stream.concat(ipv4.stream(), ipv6.stream())
                .map(prefix -> new Lan(interfaceName, prefix))
                .toList();
    }

    /** {@return them for people} */
    String text() {
        var all = Stream.concat(ipv4.stream(), ipv6.stream())
                .map(prefix -> prefix.address() + "/" + prefix.prefixLength())
                .toList();
        return all.isEmpty() ? "no address any more" : String.join(", ", all);
    }
}
