package io.portreeve.client.net;

import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.pcp.PcpAddress;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where to look for PCP servers.
 *
 * @param configured by a person or by DHCP; if there are any, nothing else is looked for
 * @param wellKnown asked after the default routers: {@link #ANYCAST}, or none
 */
public record ServerLocator(List<PcpServer> configured, List<PcpAddress> wellKnown) {

    /** The addresses that every PCP server on the way may answer to. RFC 7723 section 1. */
    public static final List<PcpAddress> ANYCAST =
            List.of(PcpAddress.parse("2001:1::1"), PcpAddress.parse("192.0.0.9"));

    /** IPv6 first, where only one can be asked. */
    private static final List<StandardProtocolFamily> FAMILIES =
            List.of(StandardProtocolFamily.INET6, StandardProtocolFamily.INET);

    public ServerLocator {
        configured = List.copyOf(configured);
        wellKnown = List.copyOf(wellKnown);
    }

    /** {@return the servers to ask, the first first; empty if nothing is configured and the network leads nowhere} */
    public List<PcpServer> servers(NetworkState state) {
        return configured.isEmpty() ? found(state) : inOrder(state);
    }

    /** RFC 7488 section 3. */
    private List<PcpServer> inOrder(NetworkState state) {
        var order = new DestinationOrder(state);
        return configured.stream()
                .map(server -> new PcpServer(
                        server.name(), server.addresses().stream().sorted(order).toList()))
                .toList();
    }

    /** RFC 6887 section 8.1: one server of each family; RFC 7723 section 2.1. */
    private List<PcpServer> found(NetworkState state) {
        var found = new ArrayList<ServerAddress>();
        for (var family : FAMILIES) {
            router(family, state).ifPresent(found::add);
        }
        for (var address : wellKnown) {
            if (routes(family(address), state).findAny().isPresent()) {
                found.add(ServerAddress.at(address, ServerAddress.STANDARD_PORT));
            }
        }
        return found.stream().map(PcpServer::at).toList();
    }

    /** The routes stand in the order in which they are taken. */
    private static Optional<ServerAddress> router(StandardProtocolFamily family, NetworkState state) {
        return routes(family, state)
                .flatMap(route -> router(route, state).stream())
                .findFirst();
    }

    private static StandardProtocolFamily family(PcpAddress address) {
        return address.isIpv4() ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    /** {@return those that lead anywhere now} */
    private static Stream<DefaultRoute> routes(StandardProtocolFamily family, NetworkState state) {
        return state.defaultRoutes().stream()
                .filter(route -> route.family() == family)
                .filter(route ->
                        state.link(route.interfaceIndex()).filter(Link::carries).isPresent());
    }

    /** {@return the router of a route; where that names none, who is at the other end of the link} */
    private static Optional<ServerAddress> router(DefaultRoute route, NetworkState state) {
        var peers = state.addresses().stream()
                .filter(it -> it.interfaceIndex() == route.interfaceIndex())
                .flatMap(it -> it.peer().stream())
                .filter(peer -> family(peer) == route.family());
        return route.router()
                .or(peers::findFirst)
                .map(router -> ServerAddress.on(route.interfaceIndex(), router, ServerAddress.STANDARD_PORT));
    }
}
