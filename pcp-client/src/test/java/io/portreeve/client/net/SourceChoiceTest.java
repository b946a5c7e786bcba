package io.portreeve.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ServerAddress;
import io.portreeve.client.net.InterfaceAddress.Condition;
import io.portreeve.client.net.InterfaceAddress.Scope;
import io.portreeve.pcp.PcpAddress;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SourceChoiceTest {
    private static final int WAN = 2;
    private static final int LAN = 3;
    private static final ServerAddress ROUTER = new ServerAddress(PcpAddress.parse("fe80::1"), WAN, 5351);

    /** @param chosen empty if the kernel shall choose */
    private record Row(String why, ServerAddress server, List<InterfaceAddress> addresses, String chosen) {}

    private static InterfaceAddress on(int link, String address, Condition... conditions) {
        return new InterfaceAddress(
                link, PcpAddress.parse(address), 64, Scope.GLOBAL, Set.of(conditions), Optional.empty());
    }

    private static ServerAddress server(String address) {
        return new ServerAddress(PcpAddress.parse(address), 0, 5351);
    }

    static Stream<Row> rows() {
        var gua = on(WAN, "2001:db8:1::2");
        var far = on(WAN, "2001:db8:8000::2");
        return Stream.of(
                new Row(
                        "global, though the router is link-local",
                        ROUTER,
                        List.of(on(WAN, "fe80::2"), gua),
                        "2001:db8:1::2"),
                new Row("not unique local", ROUTER, List.of(on(WAN, "fd00::2"), gua), "2001:db8:1::2"),
                new Row(
                        "not even to a unique local server",
                        server("fd00::1"),
                        List.of(on(WAN, "fd00::2"), gua),
                        "2001:db8:1::2"),
                new Row(
                        "nor the kernel's best of no good ones",
                        ROUTER,
                        List.of(on(WAN, "fd00::2"), on(WAN, "fe80::2")),
                        ""),
                new Row(
                        "not deprecated",
                        ROUTER,
                        List.of(on(WAN, "2001:db8:1::1", Condition.DEPRECATED), gua),
                        "2001:db8:1::2"),
                new Row(
                        "not tentative",
                        ROUTER,
                        List.of(on(WAN, "2001:db8:1::1", Condition.TENTATIVE), gua),
                        "2001:db8:1::2"),
                new Row(
                        "not tentative though temporary",
                        ROUTER,
                        List.of(on(WAN, "2001:db8:1::1", Condition.TEMPORARY, Condition.TENTATIVE), gua),
                        "2001:db8:1::2"),
                new Row(
                        "none is better than a deprecated one",
                        ROUTER,
                        List.of(on(WAN, "2001:db8:1::1", Condition.DEPRECATED)),
                        ""),
                new Row(
                        "temporary",
                        ROUTER,
                        List.of(gua, on(WAN, "2001:db8:1::9", Condition.TEMPORARY)),
                        "2001:db8:1::9"),
                new Row(
                        "temporary before alike",
                        server("2001:db8:1::1"),
                        List.of(gua, on(WAN, "2001:db8:8000::9", Condition.TEMPORARY)),
                        "2001:db8:8000::9"),
                new Row("of the link to the router", ROUTER, List.of(on(1, "2001:db8:1::1"), gua), "2001:db8:1::2"),
                new Row(
                        "of that link before temporary",
                        ROUTER,
                        List.of(on(LAN, "2001:db8:1::1", Condition.TEMPORARY), gua),
                        "2001:db8:1::2"),
                new Row(
                        "of another link if there is none",
                        ROUTER,
                        List.of(on(WAN, "fe80::2"), on(LAN, "2001:db8:2::1")),
                        "2001:db8:2::1"),
                new Row(
                        "of the link the server is on",
                        server("2001:db8:2::7"),
                        List.of(gua, on(LAN, "2001:db8:2::1")),
                        "2001:db8:2::1"),
                new Row(
                        "of the link of the default route",
                        server("2001:db8:2::7"),
                        List.of(on(1, "2001:db8:3::1"), gua),
                        "2001:db8:1::2"),
                new Row("most like the server's", server("2001:db8:8fff::1"), List.of(gua, far), "2001:db8:8000::2"),
                new Row(
                        "most like the server's, the other way round",
                        server("2001:db8:0fff::1"),
                        List.of(gua, far),
                        "2001:db8:1::2"),
                new Row(
                        "alike beyond 64 bits",
                        server("2001:db8:1::f000:1"),
                        List.of(gua, on(WAN, "2001:db8:1::f000:2")),
                        "2001:db8:1::f000:2"),
                new Row("any, to this host itself", server("::1"), List.of(gua), ""),
                new Row("any of IPv4", server("192.0.2.1"), List.of(on(WAN, "192.0.2.2"), gua), ""));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void chooses(Row row) {
        for (var addresses : List.of(row.addresses, row.addresses.reversed())) {
            var state = new NetworkState(List.of(), addresses, routes());
            assertThat(SourceChoice.source(row.server, state))
                    .as(row.why)
                    .isEqualTo(
                            Optional.of(row.chosen).filter(it -> !it.isEmpty()).map(PcpAddress::parse));
        }
    }

    /** @param before what requests left from; {@code now} is what the kernel or the choice above would say */
    private record Stay(String why, String before, String now, boolean stays) {}

    static Stream<Stay> stays() {
        return Stream.of(
                new Stay("both on the link", "192.0.2.2", "192.0.2.3", true),
                new Stay("gone", "192.0.2.9", "192.0.2.3", false),
                new Stay("the way leads through another link", "192.0.2.2", "198.51.100.2", false),
                new Stay("nothing to choose", "192.0.2.2", "192.0.2.2", false),
                new Stay("deprecated, but what it asked for is there", "2001:db8:1::2", "2001:db8:1::3", true),
                new Stay("now there is a global one", "fe80::2", "2001:db8:1::3", false),
                new Stay("there is no global one", "fd00::2", "fe80::2", true));
    }

    @ParameterizedTest
    @MethodSource("stays")
    void stays(Stay row) {
        var addresses = List.of(
                on(WAN, "192.0.2.2"),
                on(WAN, "192.0.2.3"),
                on(LAN, "198.51.100.2"),
                on(WAN, "2001:db8:1::2", Condition.DEPRECATED),
                on(WAN, "2001:db8:1::3"),
                on(WAN, "fe80::2"),
                on(WAN, "fd00::2"));
        var state = new NetworkState(List.of(), addresses, routes());
        assertThat(SourceChoice.stays(PcpAddress.parse(row.before), PcpAddress.parse(row.now), state))
                .as(row.why)
                .isEqualTo(row.stays);
    }

    private static List<DefaultRoute> routes() {
        var routes = new ArrayList<DefaultRoute>();
        routes.add(new DefaultRoute(StandardProtocolFamily.INET, 1, Optional.empty(), 0));
        routes.add(new DefaultRoute(StandardProtocolFamily.INET6, 1, Optional.empty(), 2000));
        routes.add(new DefaultRoute(StandardProtocolFamily.INET6, WAN, Optional.empty(), 1000));
        return routes;
    }
}
