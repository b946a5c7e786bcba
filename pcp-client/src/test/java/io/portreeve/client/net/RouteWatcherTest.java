package io.portreeve.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.net.InterfaceAddress.Condition;
import io.portreeve.client.net.InterfaceAddress.Scope;
import io.portreeve.client.net.Link.Property;
import io.portreeve.netlink.NetlinkException;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OwnNetwork.class)
class RouteWatcherTest {
    private static final int ETH0 = 10;
    private static final PcpAddress HERE = PcpAddress.parse("192.0.2.2");
    private static final PcpAddress ROUTER = PcpAddress.parse("192.0.2.1");
    private static final DefaultRoute IPV4_ROUTE =
            new DefaultRoute(StandardProtocolFamily.INET, ETH0, Optional.of(ROUTER), 0);

    private final List<NetworkState> told = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private RouteWatcher watcher;

    @BeforeEach
    void plugIn() throws Exception {
        Ip.batch("""
                link add name eth0 index 10 type veth peer name far0 index 11
                link set far0 up
                link set eth0 up
                address add 192.0.2.2/24 dev eth0
                """);
        watcher = RouteWatcher.start(told::add, failures::add);
    }

    @AfterEach
    void close() {
        watcher.close();
        assertThat(failures).isEmpty();
        for (int i = 1; i < told.size(); i++) {
            assertThat(told.get(i)).as("what is told is a change").isNotEqualTo(told.get(i - 1));
        }
    }

    private void awaitState(String what, Predicate<NetworkState> expected) throws Exception {
        Await.until(what, () -> !told.isEmpty() && expected.test(told.getLast()));
    }

    private static Optional<InterfaceAddress> find(String address, NetworkState state) {
        var wanted = PcpAddress.parse(address);
        return state.addresses().stream()
                .filter(it -> it.address().equals(wanted))
                .findFirst();
    }

    private static boolean has(Property property, NetworkState state) {
        return state.link(ETH0).orElseThrow().is(property);
    }

    @Test
    void tellsHowItIs() throws Exception {
        awaitState("the link is up", state -> has(Property.RUNNING, state));
        assertThat(told.getLast().link(ETH0))
                .hasValue(new Link(ETH0, "eth0", Set.of(Property.UP, Property.RUNNING, Property.MULTICAST)));
        assertThat(told.getLast().link(1))
                .hasValue(new Link(1, "lo", Set.of(Property.UP, Property.RUNNING, Property.LOOPBACK)));
        assertThat(find("192.0.2.2", told.getLast()))
                .hasValue(new InterfaceAddress(ETH0, HERE, 24, Scope.GLOBAL, Set.of(), Optional.empty()));
        assertThat(find("127.0.0.1", told.getLast()))
                .hasValueSatisfying(it -> assertThat(it.scope()).isEqualTo(Scope.HOST));
        assertThat(told.getLast().defaultRoutes()).isEmpty();
    }

    @Test
    void tellsOfRoutesThatComeAndGo() throws Exception {
        for (int i = 0; i < 3; i++) {
            Ip.batch("route add default via 192.0.2.1");
            awaitState("the route came", state -> state.defaultRoutes().equals(List.of(IPV4_ROUTE)));
            Ip.batch("route del default");
            awaitState("the route went", state -> state.defaultRoutes().isEmpty());
        }
    }

    @Test
    void tellsOfRoutesOfBothFamiliesBestFirst() throws Exception {
        Ip.batch("""
                route add default via fe80::2 dev eth0 metric 2000
                route add default via fe80::1 dev eth0 metric 1000
                route add default dev eth0 metric 9
                route add unreachable default metric 10
                route add default via 192.0.2.9 table 7
                route add 198.51.100.0/24 via 192.0.2.1
                route add default via 192.0.2.1
                """);
        awaitState(
                "all routes are there",
                state -> state.defaultRoutes()
                        .equals(List.of(
                                IPV4_ROUTE,
                                new DefaultRoute(StandardProtocolFamily.INET, ETH0, Optional.empty(), 9),
                                ipv6Route("fe80::1", 1000),
                                ipv6Route("fe80::2", 2000))));
    }

    private static DefaultRoute ipv6Route(String router, long metric) {
        return new DefaultRoute(StandardProtocolFamily.INET6, ETH0, Optional.of(PcpAddress.parse(router)), metric);
    }

    @Test
    void tellsOfEachWayOfARouteWithSeveral() throws Exception {
        Ip.batch("route add default metric 5 nexthop via 192.0.2.1 dev eth0 nexthop via 192.0.2.9 dev eth0");
        awaitState(
                "both are there",
                state -> state.defaultRoutes().stream()
                        .map(route ->
                                route.router().orElseThrow() + " " + route.metric() + " " + route.interfaceIndex())
                        .toList()
                        .equals(List.of("192.0.2.1 5 10", "192.0.2.9 5 10")));
    }

    @Test
    void tellsOfAddressesThatComeAndGo() throws Exception {
        Ip.batch("address add 198.51.100.7/25 dev eth0");
        awaitState("it came", state -> find("198.51.100.7", state).isPresent());
        assertThat(find("198.51.100.7", told.getLast()).orElseThrow().prefixLength())
                .isEqualTo(25);
        Ip.batch("address del 198.51.100.7/25 dev eth0");
        awaitState("it went", state -> find("198.51.100.7", state).isEmpty());
    }

    @Test
    void tellsWhatIsToBeThoughtOfAnAddress() throws Exception {
        Ip.batch("address add 2001:db8::2/64 dev eth0 nodad");
        awaitState(
                "it came",
                state -> find("2001:db8::2", state)
                        .equals(Optional.of(new InterfaceAddress(
                                ETH0, PcpAddress.parse("2001:db8::2"), 64, Scope.GLOBAL, Set.of(), Optional.empty()))));
        Ip.batch("address change 2001:db8::2/64 dev eth0 preferred_lft 0");
        awaitState("it is deprecated", state -> is(Condition.DEPRECATED, "2001:db8::2", state));
        Ip.batch("""
                link set far0 down
                address add 2001:db8::3/64 dev eth0
                """);
        awaitState("nobody says whether it is unique", state -> is(Condition.TENTATIVE, "2001:db8::3", state));
    }

    private static boolean is(Condition condition, String address, NetworkState state) {
        return find(address, state).filter(it -> it.is(condition)).isPresent();
    }

    @Test
    void tellsWhoIsAtTheOtherEnd() throws Exception {
        Ip.batch("address add 198.51.100.7 peer 198.51.100.1 dev eth0");
        awaitState(
                "it came",
                state -> find("198.51.100.7", state)
                        .flatMap(InterfaceAddress::peer)
                        .equals(Optional.of(PcpAddress.parse("198.51.100.1"))));
    }

    /** The kernel says no word of the routes that go with the link; it would speak of addresses of IPv6. */
    @Test
    void tellsOfALinkThatGoesDownAndItsRoutes() throws Exception {
        Files.writeString(Path.of("/proc/sys/net/ipv6/conf/eth0/disable_ipv6"), "1");
        for (int i = 0; i < 20; i++) {
            Ip.batch("route add default via 192.0.2.1");
            awaitState("the route is there", state -> !state.defaultRoutes().isEmpty());
            Ip.batch("link set eth0 down");
            awaitState(
                    "the link is down, the route gone",
                    state -> !has(Property.UP, state) && state.defaultRoutes().isEmpty());
            Ip.batch("link set eth0 up");
            awaitState("the link is up", state -> has(Property.RUNNING, state));
        }
    }

    @Test
    void tellsOfACableThatIsPulledOut() throws Exception {
        awaitState("the link is up", state -> has(Property.RUNNING, state));
        Ip.batch("link set far0 down");
        awaitState("it carries nothing", state -> has(Property.UP, state) && !has(Property.RUNNING, state));
    }

    @Test
    void tellsWhenALinkIsGone() throws Exception {
        Ip.batch("link del eth0");
        awaitState(
                "it is gone",
                state -> state.link(ETH0).isEmpty() && find("192.0.2.2", state).isEmpty());
    }

    /** While its listener is busy, more happens than the kernel keeps for it. */
    @Test
    void missesNothingForGoodThoughMoreHappensThanCanBeTold() throws Exception {
        var busy = new CountDownLatch(1);
        var later = new CopyOnWriteArrayList<NetworkState>();
        try (var _ = RouteWatcher.start(
                state -> {
                    later.add(state);
                    uninterruptibly(busy);
                },
                failures::add)) {
            Await.until("it is busy", () -> !later.isEmpty());
            Ip.batch(addresses("add") + addresses("del") + "route add default via 192.0.2.1");
            busy.countDown();
            Await.until(
                    "the last is told", () -> later.getLast().defaultRoutes().equals(List.of(IPV4_ROUTE)));
            assertThat(later.getLast().addresses())
                    .hasSameSizeAs(later.getFirst().addresses());
        }
    }

    private static String addresses(String verb) {
        return IntStream.range(0, 4000)
                .mapToObj(i -> "address %s 10.0.%d.%d/32 dev lo\n".formatted(verb, i / 250, i % 250))
                .collect(Collectors.joining());
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoeverWaitsForItHearsThatItCanTellNothingAnyMore() throws Exception {
        var said = new ConcurrentLinkedQueue<Throwable>();
        try (var _ = RouteWatcher.start(
                _ -> {
                    throw new IllegalStateException("the end");
                },
                said::add)) {
            Await.until("the failure is told", () -> !said.isEmpty());
        }
        assertThat(said).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void looksByItselfWhereNetlinkIsForbidden() {
        try (var source = RouteWatcher.source(() -> {
            throw new NetlinkException("socket", NetlinkException.EPERM);
        })) {
            assertThat(source).isInstanceOf(PolledNetwork.class);
        }
        try (var source = RouteWatcher.source(() -> {
            throw new ExceptionInInitializerError("foreign functions are forbidden");
        })) {
            assertThat(source).isInstanceOf(PolledNetwork.class);
        }
    }
}
