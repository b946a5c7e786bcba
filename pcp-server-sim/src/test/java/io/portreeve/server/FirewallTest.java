package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.NETWORK_FAILURE;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.UNSUPP_PROTOCOL;
import static io.portreeve.pcp.ResultCode.USER_EX_QUOTA;
import static io.portreeve.server.RequestChecksTest.result;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.Packet;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A firewall in the place of the NAT: what a host has outside is what it has inside. */
final class FirewallTest {
    private static final PcpAddress CLIENT = PcpAddress.parse("2001:db8:5::2");
    private static final PcpAddress NEIGHBOUR = PcpAddress.parse("2001:db8:5::3");
    private static final Endpoint HOST = new Endpoint(CLIENT, 8080);
    private static final Endpoint FRIEND = new Endpoint(PcpAddress.parse("2001:db8:9::10"), 7000);
    private static final Endpoint STRANGER = new Endpoint(PcpAddress.parse("2001:db8:9::11"), 7000);
    private static final IpProtocol TCP = IpProtocol.TCP;

    private Bench bench = bench(64);

    private static Bench bench(int quota) {
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), quota, true);
        return new Bench(policy, PoolRange.ofFirewall(), 1000);
    }

    @BeforeEach
    void unlock() {
        bench.cgn.unlockDynamic();
    }

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    private static WantedMap wanted() {
        return map().from(CLIENT).suggest("::");
    }

    private Endpoint external(WantedMap wanted) {
        var answer = bench.granted(wanted);
        return new Endpoint(answer.assignedAddress(), answer.assignedPort());
    }

    private ResultCode refusal(WantedMap wanted) {
        return bench.refused(wanted).result();
    }

    private Optional<Endpoint> inbound(IpProtocol protocol, Endpoint remote, Endpoint to) {
        return bench.cgn.inbound(Packet.outside(protocol, remote, to)).map(Packet::destination);
    }

    private boolean letsIn(Endpoint remote) {
        return inbound(TCP, remote, HOST).isPresent();
    }

    private Optional<Packet> outbound(Endpoint from, Endpoint to) {
        return bench.cgn.outbound(Packet.inside(new SubscriberId(from.address()), TCP, from, to));
    }

    @ParameterizedTest
    @CsvSource({
        "0, ::, no preference",
        "8080, ::, the right port",
        "9999, ::, another port",
        "8080, 2001:db8:5::2, what it has",
        "8080, 2001:db8:5::3, a neighbour's address",
        "80, 2001:db8:9::10, an address of the internet"
    })
    @Proves({"pcp:S-MAP-13", "pcp:S-MAP-08"})
    void aMappingIsWhatItsHostHasWhateverIsSuggested(int port, String address, String why) {
        assertThat(external(wanted().suggest(port).suggest(address))).as(why).isEqualTo(HOST);
        assertThat(inbound(TCP, STRANGER, HOST)).contains(HOST);
    }

    @Test
    @Proves("pcp:S-MAP-13")
    void itIsTheSameForIpv4() {
        assertThat(external(map())).isEqualTo(new Endpoint(Bench.CLIENT.address(), 8080));
        assertThat(refusal(map().suggest("::"))).isEqualTo(NETWORK_FAILURE);
        assertThat(refusal(wanted().suggest("0.0.0.0"))).isEqualTo(NETWORK_FAILURE);
        assertThat(bench.mappings()).hasSize(1);
    }

    @Test
    @Proves("pcp:S-MAP-13")
    void whoWantsSomethingElseOrNothingGetsNothing() {
        for (var other : List.of(wanted().suggest(9999), wanted().suggest(8080).suggest("2001:db8:5::3"))) {
            assertThat(refusal(other.with(PREFER_FAILURE))).isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        }
        assertThat(bench.mappings()).isEmpty();
        assertThat(external(wanted().suggest(8080).with(PREFER_FAILURE))).isEqualTo(HOST);
        assertThat(refusal(wanted().suggest(9999).with(PREFER_FAILURE))).isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        assertThat(external(wanted().suggest(9999))).isEqualTo(HOST);
    }

    @Test
    @Proves("pcp:S-MAP-13")
    void noPortIsTakenBecauseEachHostHasItsOwn() {
        for (int i = 2; i < 20; i++) {
            var client = PcpAddress.parse("2001:db8:5::" + i);
            assertThat(external(wanted().from(client)
                            .suggest(8080)
                            .suggest(client.toString())
                            .with(PREFER_FAILURE)))
                    .isEqualTo(new Endpoint(client, 8080));
        }
    }

    @Test
    @Proves("pcp:S-MAP-13")
    void onlyMappingsAndAnswersAreLetIn() {
        assertThat(letsIn(FRIEND)).isFalse();
        assertThat(outbound(HOST, FRIEND).map(Packet::source)).contains(HOST);
        assertThat(letsIn(FRIEND)).as("an answer").isTrue();
        assertThat(letsIn(STRANGER)).isFalse();
        assertThat(inbound(IpProtocol.UDP, FRIEND, HOST))
                .as("of another protocol")
                .isEmpty();
        assertThat(inbound(TCP, FRIEND, new Endpoint(CLIENT, 8081)))
                .as("to another port")
                .isEmpty();
        external(wanted());
        assertThat(letsIn(STRANGER)).isTrue();
        bench.granted(wanted().lifetime(0));
        assertThat(letsIn(STRANGER)).isFalse();
        assertThat(letsIn(FRIEND)).as("an answer still").isTrue();
        bench.pass(Duration.ofHours(3));
        assertThat(letsIn(FRIEND)).as("long after").isFalse();
    }

    @Test
    void subscribersDoNotReachEachOtherUnasked() {
        external(wanted().from(NEIGHBOUR).port(9));
        assertThat(outbound(HOST, new Endpoint(NEIGHBOUR, 8080))).isEmpty();
        assertThat(outbound(HOST, new Endpoint(NEIGHBOUR, 9)))
                .hasValueSatisfying(packet -> assertThat(packet)
                        .isEqualTo(Packet.inside(new SubscriberId(NEIGHBOUR), TCP, HOST, new Endpoint(NEIGHBOUR, 9))));
    }

    @Test
    @Proves("pcp:S-MAP-13")
    void filtersWork() {
        bench.granted(wanted().with(new Filter(128, 0, FRIEND.address())));
        assertThat(letsIn(FRIEND)).isTrue();
        assertThat(letsIn(STRANGER)).isFalse();
        bench.granted(wanted().with(new Filter(0, 0, PcpAddress.ANY_IPV6)));
        assertThat(letsIn(STRANGER)).isTrue();
    }

    @Test
    void aSetHasThePortsOfItsHost() {
        var answer = bench.granted(wanted().suggest(9000).with(new PortSet(4, 8080, true)));
        assertThat(answer.assignedPort()).isEqualTo(8080);
        assertThat(answer.options()).containsExactly(new PortSet(4, 8080, true));
        for (int port = 8080; port < 8084; port++) {
            var end = new Endpoint(CLIENT, port);
            assertThat(inbound(TCP, FRIEND, end)).contains(end);
        }
        assertThat(inbound(TCP, FRIEND, new Endpoint(CLIENT, 8084))).isEmpty();
        bench.granted(wanted().lifetime(0).with(new PortSet(4, 8080, true)));
        assertThat(bench.mappings()).isEmpty();
        assertThat(bench.granted(wanted().port(8078).with(new PortSet(8, 8078, false)))
                        .options())
                .as("nobody else has had them meanwhile")
                .containsExactly(new PortSet(8, 8078, false));
    }

    @Test
    @Proves("pcp:S-MAP-09")
    void nothingIsSentToThePortsOfPcp() {
        for (int port : new int[] {5350, 5351}) {
            assertThat(refusal(wanted().protocol(17).port(port))).isEqualTo(NOT_AUTHORIZED);
            assertThat(external(wanted().port(port))).as("TCP").isEqualTo(new Endpoint(CLIENT, port));
        }
        assertThat(bench.granted(wanted().protocol(17).port(5349).with(new PortSet(4, 5349, false)))
                        .options())
                .isEmpty();
        assertThat(bench.mappings()).hasSize(3);
        var nat = new Bench(
                new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, false), Bench.pool(2000, 2009), 1000);
        assertThat(nat.granted(map().protocol(17).port(5351)).assignedPort())
                .as("of a NAT it leads to another port")
                .isBetween(2000, 2009);
    }

    @Test
    void quotaAndLifetimeAreThoseOfAnyServer() {
        bench = bench(2);
        external(wanted().port(1).lifetime(600));
        external(wanted().port(2).lifetime(7200));
        assertThat(bench.refused(wanted().port(3)))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(USER_EX_QUOTA, new Lifetime(30));
        bench.pass(Duration.ofSeconds(600));
        assertThat(bench.mappings()).extracting(MappingView::internal).containsExactly(new Endpoint(CLIENT, 2));
        assertThat(inbound(TCP, FRIEND, new Endpoint(CLIENT, 1))).isEmpty();
        assertThat(external(wanted().port(1))).isEqualTo(new Endpoint(CLIENT, 1));
    }

    @Test
    @Proves("pcp:S-MAP-13")
    void mappingsComeBackAfterARestart() {
        external(wanted().with(new Filter(128, 0, FRIEND.address())));
        external(map().port(9));
        bench.pass(Duration.ofSeconds(100));
        bench = bench.restart();
        assertThat(letsIn(FRIEND)).isTrue();
        assertThat(letsIn(STRANGER)).isFalse();
        assertThat(bench.granted(wanted()).epoch().seconds())
                .as("nothing was lost")
                .isEqualTo(100);
        assertThat(bench.mappings()).hasSize(2);
    }

    @Test
    void aHostBehindTheClientHasItsOwnAddressToo() {
        var behind = wanted().with(thirdParty("2001:db8:5:1::33"));
        var end = new Endpoint(PcpAddress.parse("2001:db8:5:1::33"), 8080);
        assertThat(external(behind)).isEqualTo(end);
        assertThat(inbound(TCP, FRIEND, end)).contains(end);
        assertThat(outbound(new Endpoint(NEIGHBOUR, 1), end).flatMap(Packet::line))
                .as("a neighbour")
                .contains(new SubscriberId(CLIENT));
        assertThat(bench.ask(
                        new Endpoint(NEIGHBOUR, 49152), behind.from(NEIGHBOUR).build()))
                .as("another subscriber's")
                .isInstanceOf(Refuse.class);
        bench.granted(behind.lifetime(0));
        assertThat(inbound(TCP, FRIEND, end)).isEmpty();
    }

    @Test
    @Proves("pcp:S-LIFE-08")
    void aPortIsHeldForItsSubscriberThoughItsHostMayBeAnothersNow() {
        var behind = wanted().with(thirdParty("2001:db8:5:1::33"));
        external(behind);
        bench.granted(behind.lifetime(0));
        bench.pass(Duration.ofSeconds(7439));
        assertThat(refusal(behind.from(NEIGHBOUR))).isEqualTo(NO_RESOURCES);
        external(behind);
        bench.granted(behind.lifetime(0));
        bench.pass(Duration.ofSeconds(7440));
        external(behind.from(NEIGHBOUR));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5060})
    @Proves("pcp:S-MAP-16")
    void sctpHasTheSamePortOutsideAsInside(int suggested) {
        var sctp = wanted().protocol(132).port(5060);
        var end = new Endpoint(CLIENT, 5060);
        assertThat(external(sctp.suggest(suggested))).isEqualTo(end);
        assertThat(inbound(IpProtocol.SCTP, FRIEND, end)).contains(end);
        assertThat(inbound(TCP, FRIEND, end)).isEmpty();
        bench.granted(sctp.lifetime(0));
        assertThat(inbound(IpProtocol.SCTP, FRIEND, end)).isEmpty();
    }

    @Test
    @Proves("pcp:S-MAP-16")
    void sctpOnAnotherPortCannotBe() {
        assertThat(refusal(wanted().protocol(132).port(5060).suggest(5061))).isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        assertThat(bench.mappings()).isEmpty();
        assertThat(refusal(wanted().protocol(33))).as("DCCP").isEqualTo(UNSUPP_PROTOCOL);
    }

    @Test
    void natPmpIsToldTheHostsOwnAddress() {
        var host = new NatPmpClient(bench);
        assertThat(host.externalAddress().external()).isEqualTo(Bench.CLIENT.address());
        assertThat(host.map(TCP, 8080, 2001, 600).externalPort()).isEqualTo(8080);
        assertThat(host.on("2001:db8:5::2").externalAddress().result().value())
                .as("network failure")
                .isEqualTo(3);
    }

    @Test
    @Proves("pcp:S-PEER-02")
    void aFlowKeepsItsEndAndMayBeAskedForWithIt() {
        for (var flow : List.of(peer(), peer().port(40_001).suggest(40_001).suggest("100.64.0.2"))) {
            var answer = (PeerResponse) ((Reply) bench.ask(Bench.CLIENT, flow.build())).response();
            assertThat(answer.assignedAddress()).isEqualTo(Bench.CLIENT.address());
            assertThat(answer.assignedPort()).isEqualTo(flow.internalPort());
            var end = new Endpoint(Bench.CLIENT.address(), flow.internalPort());
            assertThat(inbound(flow.protocol(), flow.remote(), end)).contains(end);
        }
        assertThat(result(bench.ask(
                        Bench.CLIENT, peer().port(40_002).suggest(40_003).build())))
                .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        assertThat(result(bench.ask(
                        Bench.CLIENT, peer().port(40_002).suggest("100.64.0.3").build())))
                .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
    }

    @Test
    void aFlowOfAHostBehindTheClientHasTheHostsAddress() {
        var flow = peer().with(thirdParty("192.168.1.33"));
        var answer = (PeerResponse)
                ((Reply) bench.ask(Bench.CLIENT, flow.suggest("192.168.1.33").build())).response();
        assertThat(answer.assignedAddress()).isEqualTo(PcpAddress.parse("192.168.1.33"));
        assertThat(answer.assignedPort()).isEqualTo(flow.internalPort());
        assertThat(result(bench.ask(
                        Bench.CLIENT, flow.port(40_001).suggest("100.64.0.2").build())))
                .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
    }
}
