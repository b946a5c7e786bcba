package io.portreeve.client.net;

import io.portreeve.client.ServerAddress;
import io.portreeve.client.net.InterfaceAddress.Condition;
import io.portreeve.pcp.PcpAddress;
import java.net.StandardProtocolFamily;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of its addresses a host asks from, and so asks a mapping for. The kernel would ask a router fe80::1 from a link-local
 * address, for which nobody on the internet has a use. RFC 6887 section 8.4; where that says nothing, RFC 6724 section 5.
 */
public final class SourceChoice {
    /** All of global unicast that is given out: RFC 4291 section 2.4 would count unique local addresses in. */
    private static final PcpAddress GLOBAL_UNICAST = PcpAddress.parse("2000::");

    private static final int GLOBAL_UNICAST_PREFIX = 3;

    private SourceChoice() {}

    /** {@return the address to ask {@code server} from, or empty where the kernel chooses well} */
    public static Optional<PcpAddress> source(ServerAddress server, NetworkState state) {
        if (server.address().isIpv4() || server.address().isLoopback()) {
            return Optional.empty();
        }
        int outgoing = outgoing(server, state);
        // RFC 6724 section 5: rule 5, 7 and 8
        return state.addresses().stream()
                .filter(it -> isGlobalUnicast(it.address()) && it.isUsable())
                .min(Comparator.<InterfaceAddress, Boolean>comparing(it -> it.interfaceIndex() != outgoing)
                        .thenComparing(it -> !it.is(Condition.TEMPORARY))
                        .thenComparing(it -> -commonPrefix(it.address(), server.address()))
                        .thenComparing(Comparator.naturalOrder()))
                .map(InterfaceAddress::address);
    }

    /**
     * {@return true if a host that asked from {@code before} goes on doing so, though it would begin with {@code now}} What has
     * been mapped belongs to that address; it goes with the address, or when the way leads through another interface. RFC 6887
     * section 11.5.
     */
    static boolean stays(PcpAddress before, PcpAddress now, NetworkState state) {
        boolean isWorse = isGlobalUnicast(now) && !isGlobalUnicast(before);
        return !before.equals(now)
                && !isWorse
                && !Collections.disjoint(interfaces(before, state), interfaces(now, state));
    }

    private static Set<Integer> interfaces(PcpAddress address, NetworkState state) {
        return state.addresses().stream()
                .filter(it -> it.address().equals(address))
                .map(InterfaceAddress::interfaceIndex)
                .collect(Collectors.toSet());
    }

    static boolean isGlobalUnicast(PcpAddress address) {
        return address.sharesPrefix(GLOBAL_UNICAST, GLOBAL_UNICAST_PREFIX);
    }

    /** {@return the interface that leads to {@code server}, or 0} */
    private static int outgoing(ServerAddress server, NetworkState state) {
        if (server.interfaceIndex() != 0) {
            return server.interfaceIndex();
        }
        var onLink = state.addresses().stream()
                .filter(it -> it.address().sharesPrefix(server.address(), it.prefixLength())) // no IPv4 address does
                .map(InterfaceAddress::interfaceIndex);
        var byRouter = state.defaultRoutes().stream()
                .filter(route -> route.family() == StandardProtocolFamily.INET6)
                .map(DefaultRoute::interfaceIndex);
        return Stream.concat(onLink, byRouter).findFirst().orElse(0);
    }

    /** {@return how many of the first bits two addresses have in common} */
    static int commonPrefix(PcpAddress one, PcpAddress other) {
        int high = Long.numberOfLeadingZeros(one.high() ^ other.high());
        return high < Long.SIZE ? high : high + Long.numberOfLeadingZeros(one.low() ^ other.low());
    }
}
