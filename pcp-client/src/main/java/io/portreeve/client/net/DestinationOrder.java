package io.portreeve.client.net;

import io.portreeve.client.ServerAddress;
import io.portreeve.client.net.InterfaceAddress.Scope;
import io.portreeve.pcp.PcpAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which address of a server to ask first: those that can be asked from an address of this host, then as RFC 6724 section 6
 * orders destinations. Of its rules those about mobility and tunnels are left out. Source: RFC 7488 section 3.
 */
final class DestinationOrder implements Comparator<ServerAddress> {

    /** RFC 6724 section 2.1, without what is out of use: the first prefix that fits is the longest. */
    private static final List<Policy> POLICIES = List.of(
            new Policy(PcpAddress.parse("::1"), 128, 50),
            new Policy(PcpAddress.ANY_IPV4, 96, 35),
            new Policy(PcpAddress.parse("2001::"), 32, 5),
            new Policy(PcpAddress.parse("2002::"), 16, 30),
            new Policy(PcpAddress.parse("fc00::"), 7, 3),
            new Policy(PcpAddress.ANY_IPV6, 0, 40));

    private static final PcpAddress IPV4_LINK_LOCAL = PcpAddress.parse("169.254.0.0");
    private static final int IPV4_LINK_LOCAL_PREFIX = 112;

    private final NetworkState state;

    // Rules 1, 2, 6, 8 and 9
    private final Comparator<ServerAddress> order = Comparator.<ServerAddress, Boolean>comparing(it -> !hasSource(it))
            .thenComparing(it -> !isOfScopeOfSource(it))
            .thenComparing(it -> -precedence(it.address()))
            .thenComparing(it -> scope(it.address()))
            .thenComparing(it -> -likeness(it));

    private record Policy(PcpAddress prefix, int length, int precedence) {}

    DestinationOrder(NetworkState state) {
        this.state = state;
    }

    @Override
    public int compare(ServerAddress one, ServerAddress other) {
        return order.compare(one, other);
    }

    private boolean hasSource(ServerAddress server) {
        return source(server).isPresent();
    }

    /** {@return the address {@code server} would be asked from} */
    private Optional<PcpAddress> source(ServerAddress server) {
        return SourceChoice.source(server, state)
                .or(() -> state.addresses().stream()
                        .filter(InterfaceAddress::isUsable)
                        .map(InterfaceAddress::address)
                        .filter(it -> it.isIpv4() == server.address().isIpv4())
                        .filter(it -> it.isLoopback() == server.address().isLoopback())
                        .max(Comparator.comparing(it -> SourceChoice.commonPrefix(it, server.address()))));
    }

    private boolean isOfScopeOfSource(ServerAddress server) {
        return source(server).filter(it -> scope(it) == scope(server.address())).isPresent();
    }

    private static int precedence(PcpAddress address) {
        return POLICIES.stream()
                .filter(policy -> address.sharesPrefix(policy.prefix, policy.length))
                .findFirst()
                .orElseThrow()
                .precedence;
    }

    /** RFC 6724 sections 3.1 and 3.2: private IPv4 and unique local addresses are global. */
    private static Scope scope(PcpAddress address) {
        boolean isOfLink = address.isLoopback()
                || address.isIpv6LinkLocal()
                || address.sharesPrefix(IPV4_LINK_LOCAL, IPV4_LINK_LOCAL_PREFIX);
        return isOfLink ? Scope.LINK : Scope.GLOBAL;
    }

    /** {@return how many first bits an IPv6 address shares with its source} Of IPv4 that says little. */
    private int likeness(ServerAddress server) {
        return server.address().isIpv4()
                ? 0
                : source(server)
                        .map(it -> SourceChoice.commonPrefix(it, server.address()))
                        .orElse(0);
    }
}
