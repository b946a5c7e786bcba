package io.portreeve.client.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.net.InterfaceAddress.Scope;
import io.portreeve.client.net.Link.Property;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.net.StandardProtocolFamily;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServerLocatorTest {
    private static final int WAN = 2;
    private static final int PPP = 3;
    private static final int UNPLUGGED = 4;
    private static final List<Link> LINKS = List.of(
            new Link(WAN, "wan", Set.of(Property.UP, Property.RUNNING)),
            new Link(PPP, "ppp", Set.of(Property.UP, Property.RUNNING)),
            new Link(UNPLUGGED, "unplugged", Set.of(Property.UP)));

    private static final ServerLocator AUTOMATIC = new ServerLocator(List.of(), List.of());
    private static final ServerLocator ANYCAST = new ServerLocator(List.of(), ServerLocator.ANYCAST);

    /** @param servers each with its addresses, in the order expected */
    private record Row(String why, ServerLocator locator, List<DefaultRoute> routes, List<List<String>> servers) {}

    private static DefaultRoute ipv4(String router, int link, long metric) {
        return route(StandardProtocolFamily.INET, router, link, metric);
    }

    private static DefaultRoute ipv6(String router, int link, long metric) {
        return route(StandardProtocolFamily.INET6, router, link, metric);
    }

    private static DefaultRoute route(StandardProtocolFamily family, String router, int link, long metric) {
        return new DefaultRoute(
                family, link, Optional.of(router).filter(it -> !it.isEmpty()).map(PcpAddress::parse), metric);
    }

    private static PcpServer server(String... addresses) {
        return new PcpServer(
                "configured",
                Stream.of(addresses)
                        .map(it -> ServerAddress.at(PcpAddress.parse(it), 5351))
                        .toList());
    }

    private static InterfaceAddress address(int link, String address, String peer) {
        return new InterfaceAddress(
                link,
                PcpAddress.parse(address),
                64,
                Scope.GLOBAL,
                Set.of(),
                Optional.of(peer).filter(it -> !it.isEmpty()).map(PcpAddress::parse));
    }

    static Stream<Row> rows() {
        var both = List.of(ipv4("192.0.2.1", WAN, 0), ipv6("fe80::1", WAN, 1024));
        var configured =
                new ServerLocator(List.of(server("198.51.100.1"), server("198.51.100.2")), ServerLocator.ANYCAST);
        return Stream.of(
                new Row(
                        "one of each family, IPv6 first",
                        AUTOMATIC,
                        both,
                        List.of(List.of("fe80::1%2"), List.of("192.0.2.1"))),
                new Row(
                        "no more than one of a family, by metric",
                        AUTOMATIC,
                        List.of(ipv4("192.0.2.9", WAN, 0), ipv4("192.0.2.1", WAN, 1)),
                        List.of(List.of("192.0.2.9"))),
                new Row(
                        "whatever their order",
                        AUTOMATIC,
                        List.of(ipv6("fe80::1", WAN, 9), ipv6("2001:db8::9", WAN, 5)),
                        List.of(List.of("2001:db8::9"))),
                new Row(
                        "not where no packet goes",
                        AUTOMATIC,
                        List.of(ipv4("192.0.2.9", UNPLUGGED, 0), ipv4("192.0.2.1", WAN, 1)),
                        List.of(List.of("192.0.2.1"))),
                new Row("not through a link that is gone", AUTOMATIC, List.of(ipv4("192.0.2.9", 99, 0)), List.of()),
                new Row(
                        "at the other end of a link that leads there by itself",
                        AUTOMATIC,
                        List.of(ipv4("", PPP, 0)),
                        List.of(List.of("192.0.2.77"))),
                new Row(
                        "of the family of the route",
                        AUTOMATIC,
                        List.of(ipv6("", PPP, 0)),
                        List.of(List.of("fe80::77%3"))),
                new Row("nobody, if nobody is known to be there", AUTOMATIC, List.of(ipv4("", WAN, 0)), List.of()),
                new Row(
                        "the next route, then",
                        AUTOMATIC,
                        List.of(ipv4("", WAN, 0), ipv4("192.0.2.1", WAN, 1)),
                        List.of(List.of("192.0.2.1"))),
                new Row("no way", ANYCAST, List.of(), List.of()),
                new Row(
                        "then whoever is on the way",
                        ANYCAST,
                        both,
                        List.of(
                                List.of("fe80::1%2"),
                                List.of("192.0.2.1"),
                                List.of("2001:1::1"),
                                List.of("192.0.0.9"))),
                new Row(
                        "on a way of that family",
                        ANYCAST,
                        List.of(both.getFirst()),
                        List.of(List.of("192.0.2.1"), List.of("192.0.0.9"))),
                new Row("on a way without a router", ANYCAST, List.of(ipv6("", WAN, 0)), List.of(List.of("2001:1::1"))),
                new Row(
                        "those configured and no other",
                        configured,
                        both,
                        List.of(List.of("198.51.100.1"), List.of("198.51.100.2"))),
                new Row(
                        "those configured though there is no way",
                        configured,
                        List.of(),
                        List.of(List.of("198.51.100.1"), List.of("198.51.100.2"))));
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Proves({"pcp:C-REQ-01", "pcp:C-SEL-05"})
    void finds(Row row) {
        var addresses = List.of(address(PPP, "fe80::7", "fe80::77"), address(PPP, "192.0.2.7", "192.0.2.77"));
        assertThat(row.locator.servers(new NetworkState(LINKS, addresses, row.routes)))
                .extracting(PcpServer::addresses)
                .as(row.why)
                .isEqualTo(row.servers.stream().map(it -> known(it).addresses()).toList());
    }

    private static PcpServer known(List<String> addresses) {
        return new PcpServer(
                "configured",
                addresses.stream()
                        .map(it -> it.split("%"))
                        .map(it -> new ServerAddress(
                                PcpAddress.parse(it[0]), it.length == 1 ? 0 : Integer.parseInt(it[1]), 5351))
                        .toList());
    }

    /** @param sorted the addresses of one server, in the order expected */
    private record Order(String why, List<String> own, List<String> sorted) {}

    static Stream<Order> orders() {
        return Stream.of(
                new Order("what can be asked at all", List.of("192.0.2.2"), List.of("192.0.2.1", "2001:db8::1")),
                new Order("the same the other way round", List.of("2001:db8::2"), List.of("2001:db8::1", "192.0.2.1")),
                new Order(
                        "of the scope of the source",
                        List.of("fe80::2", "192.0.2.2"),
                        List.of("192.0.2.1", "2001:db8::1")),
                new Order(
                        "a global source is none for a neighbour",
                        List.of("2001:db8::2", "fe80::2"),
                        List.of("2001:db8::1", "fe80::1%2")),
                new Order(
                        "nor a link-local one for IPv4",
                        List.of("169.254.0.2", "2001:db8::2"),
                        List.of("2001:db8::1", "192.0.2.1")),
                new Order(
                        "what can be asked, if not well", List.of("169.254.0.2"), List.of("192.0.2.1", "2001:db8::1")),
                new Order(
                        "not from the loopback address",
                        List.of("::1", "169.254.0.2"),
                        List.of("192.0.2.1", "2001:db8::1")),
                new Order(
                        "from what is most like it",
                        List.of("fd00::2", "fe80::2", "169.254.0.2"),
                        List.of("fd00::1", "192.0.2.1")),
                new Order("a neighbour before all the world", List.of("fe80::2"), List.of("fe80::1%2", "2001:db8::1")),
                new Order("IPv6 before IPv4", List.of("2001:db8::2", "192.0.2.2"), List.of("2001:db8::1", "192.0.2.1")),
                new Order("IPv4 before unique local", List.of("fd00::2", "192.0.2.2"), List.of("192.0.2.1", "fd00::1")),
                new Order("IPv4 before 6to4", List.of("2002::2", "192.0.2.2"), List.of("192.0.2.1", "2002::1")),
                new Order("6to4 before Teredo", List.of("2002::2", "2001::2"), List.of("2002::1", "2001::1")),
                new Order(
                        "the nearer of IPv4", List.of("169.254.0.2", "192.0.2.2"), List.of("169.254.0.1", "192.0.2.1")),
                new Order(
                        "itself before anybody, of IPv4",
                        List.of("127.0.0.1", "192.0.2.2"),
                        List.of("127.0.0.1", "192.0.2.1")),
                new Order("itself before anybody", List.of("::1", "2001:db8::2"), List.of("::1", "2001:db8::1")),
                new Order(
                        "what is most like the source",
                        List.of("2001:db8:8000::2"),
                        List.of("2001:db8:8fff::1", "2001:db8::1")));
    }

    @ParameterizedTest
    @MethodSource("orders")
    @Proves("pcp:C-SEL-01")
    void ordersTheAddressesOfAServer(Order row) {
        var own = row.own.stream().map(it -> address(WAN, it, "")).toList();
        var state = new NetworkState(LINKS, own, List.of());
        assertThat(sorted(row.sorted, state)).as(row.why).isEqualTo(known(row.sorted));
        assertThat(sorted(row.sorted.reversed(), state)).as(row.why).isEqualTo(known(row.sorted));
    }

    @Test
    void addressesOfIpv4StayAsTheyAreTold() {
        var state = new NetworkState(LINKS, List.of(address(WAN, "192.0.2.2", "")), List.of());
        var told = List.of("198.51.100.1", "192.0.2.1", "203.0.113.1");
        assertThat(sorted(told, state)).isEqualTo(known(told));
    }

    private static PcpServer sorted(List<String> addresses, NetworkState state) {
        return new ServerLocator(List.of(known(addresses)), List.of())
                .servers(state)
                .getFirst();
    }

    @Test
    void whatIsDeprecatedIsNoSource() {
        var deprecated = new InterfaceAddress(
                WAN,
                PcpAddress.parse("2001:db8::2"),
                64,
                Scope.GLOBAL,
                Set.of(InterfaceAddress.Condition.DEPRECATED),
                Optional.empty());
        var state = new NetworkState(LINKS, List.of(deprecated, address(WAN, "192.0.2.2", "")), List.of());
        assertThat(sorted(List.of("2001:db8::1", "192.0.2.1"), state))
                .isEqualTo(known(List.of("192.0.2.1", "2001:db8::1")));
    }

    @Test
    void aServerHasAnAddress() {
        assertThatThrownBy(() -> new PcpServer("none", List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
