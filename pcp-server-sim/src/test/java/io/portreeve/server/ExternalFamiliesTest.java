package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.EXCESSIVE_REMOTE_PEERS;
import static io.portreeve.pcp.ResultCode.NETWORK_FAILURE;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.SUCCESS;
import static io.portreeve.pcp.ResultCode.USER_EX_QUOTA;
import static io.portreeve.server.RequestChecksTest.result;
import static io.portreeve.server.WantedGet.get;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.Packet;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.Family;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEffect.Send;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.Renumber;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import io.portreeve.server.engine.SubscriberKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A CGN with external addresses of both families: each internal tuple may have a mapping in either. */
final class ExternalFamiliesTest {
    private static final PcpAddress IPV6 = PcpAddress.parse("2001:db8:0:1::1");
    private static final PcpAddress OTHER_IPV6 = PcpAddress.parse("2001:db8:0:1::2");
    private static final SubscriberId SUBSCRIBER = new SubscriberId(Bench.CLIENT.address());
    private static final Endpoint HOST = new Endpoint(Bench.CLIENT.address(), 8080);
    private static final Endpoint PEER = new Endpoint(PcpAddress.parse("198.51.100.10"), 80);
    private static final Endpoint PEER_ON_IPV6 = new Endpoint(PcpAddress.parse("2001:db8:9::10"), 80);

    private Bench bench = bench(64);

    private static Bench bench(int quota) {
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), quota, true);
        return new Bench(policy.with(Extras.DEFAULT.with(Disclosure.ADDRESS)), pool(), 1000);
    }

    private static List<PoolRange> pool() {
        return Stream.concat(
                        Bench.pool(2000, 2009).stream(),
                        Stream.of(IPV6, OTHER_IPV6).flatMap(ExternalFamiliesTest::ranges))
                .toList();
    }

    private static Stream<PoolRange> ranges(PcpAddress external) {
        return Bench.pool(3000, 3009).stream().map(it -> new PoolRange(external, it.protocol(), 3000, 3009));
    }

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    private static WantedMap onIpv4() {
        return map().nonce(4);
    }

    private static WantedMap onIpv6() {
        return map().nonce(6).suggest("::");
    }

    private Endpoint external(WantedMap wanted) {
        var answer = bench.granted(wanted);
        return new Endpoint(answer.assignedAddress(), answer.assignedPort());
    }

    private Stream<Endpoint> externals() {
        return bench.mappings().stream().map(MappingView::external);
    }

    private Optional<Endpoint> inbound(Endpoint remote, Endpoint external) {
        return bench.cgn
                .inbound(Packet.outside(IpProtocol.TCP, remote, external))
                .map(Packet::destination);
    }

    private Optional<Endpoint> outbound(Endpoint remote) {
        return bench.cgn
                .outbound(Packet.inside(SUBSCRIBER, IpProtocol.TCP, HOST, remote))
                .map(Packet::source);
    }

    @Test
    @Proves("pcp:S-MAP-17")
    void oneInternalTupleHasAMappingInEachFamily() {
        bench.cgn.unlockDynamic();
        var ipv4 = external(onIpv4());
        var ipv6 = external(onIpv6());
        assertThat(ipv4.address()).isEqualTo(Bench.EXTERNAL);
        assertThat(ipv6.address()).isIn(IPV6, OTHER_IPV6);
        assertThat(externals()).containsExactly(ipv4, ipv6);
        assertThat(inbound(PEER, ipv4)).contains(HOST);
        assertThat(inbound(PEER_ON_IPV6, ipv6)).contains(HOST);
        assertThat(outbound(PEER)).contains(ipv4);
        assertThat(outbound(PEER_ON_IPV6)).contains(ipv6);
    }

    @Test
    @Proves("pcp:S-MAP-17")
    void eachHasItsOwnNonceLifetimeAndPort() {
        var ipv4 = external(onIpv4().lifetime(600));
        var ipv6 = external(onIpv6().lifetime(1200));
        assertThat(bench.refused(onIpv4().nonce(6)).result()).isEqualTo(NOT_AUTHORIZED);
        assertThat(bench.refused(onIpv6().nonce(4)).result()).isEqualTo(NOT_AUTHORIZED);
        assertThat(bench.refused(onIpv6().nonce(4).lifetime(0)).result()).isEqualTo(NOT_AUTHORIZED);
        assertThat(external(onIpv6().suggest(3009).lifetime(1200))).isEqualTo(ipv6);
        bench.pass(Duration.ofSeconds(600));
        assertThat(externals()).containsExactly(ipv6);
        assertThat(inbound(PEER, ipv4)).isEmpty();
        bench.pass(Duration.ofSeconds(600));
        assertThat(externals()).isEmpty();
    }

    @Test
    @Proves({"pcp:S-LIFE-05", "pcp:S-MAP-17"})
    void allZerosSayWhichOfTheTwoIsDeleted() {
        var ipv4 = external(onIpv4());
        var ipv6 = external(onIpv6());
        assertThat(bench.granted(onIpv6().lifetime(0)).assignedAddress()).isEqualTo(PcpAddress.ANY_IPV6);
        assertThat(externals()).containsExactly(ipv4);
        assertThat(external(onIpv6())).as("what it had last").isEqualTo(ipv6);
        assertThat(bench.granted(onIpv4().lifetime(0)).assignedAddress()).isEqualTo(PcpAddress.ANY_IPV4);
        assertThat(externals()).containsExactly(ipv6);
    }

    @Test
    @Proves("pcp:S-LIFE-06")
    void noneOfTheTwoAllZerosDeletesAll() {
        external(onIpv4());
        external(onIpv6());
        for (var any : List.of(onIpv4(), onIpv6())) {
            for (int protocol : new int[] {0, 6}) {
                bench.granted(any.protocol(protocol).port(0).lifetime(0));
            }
        }
        assertThat(bench.mappings()).hasSize(2);
    }

    @Test
    @Proves({"pcp:S-MAP-17", "pcp:S-MAP-15"})
    void bothComeBackAfterARestart() {
        var ipv4 = external(onIpv4());
        var ipv6 = external(onIpv6());
        for (int i = 0; i < 4; i++) {
            external(onIpv6().from(PcpAddress.parse("100.64.1." + i)));
        }
        bench.pass(Duration.ofSeconds(100));
        bench = bench.restart();
        assertThat(external(onIpv4())).isEqualTo(ipv4);
        assertThat(external(onIpv6())).isEqualTo(ipv6);
        assertThat(bench.granted(onIpv6()).epoch().seconds())
                .as("nothing was lost")
                .isEqualTo(100);
        assertThat(external(onIpv6().port(9)).address()).as("its address").isEqualTo(ipv6.address());
        assertThat(external(onIpv4().port(9)).address()).isEqualTo(ipv4.address());
    }

    @Test
    void getListsBoth() {
        var ipv4 = external(onIpv4());
        var ipv6 = external(onIpv6());
        var answer = (Reply) bench.ask(Bench.CLIENT, get().build());
        assertThat(((GetResponse) answer.response()).mappings())
                .extracting(it -> new Endpoint(it.tuple().external(), it.tuple().externalPort()))
                .containsExactlyInAnyOrder(ipv4, ipv6);
    }

    @Test
    void natPmpKnowsIpv4Only() {
        var ipv6 = external(onIpv6().protocol(6));
        var host = new NatPmpClient(bench);
        var fixed = new Endpoint(ipv6.address(), ipv6.port() == 3000 ? 3001 : 3000);
        bench.add(SUBSCRIBER, IpProtocol.TCP, new Endpoint(HOST.address(), 443), fixed);
        assertThat(host.externalAddress().external()).isEqualTo(Bench.EXTERNAL);
        assertThat(host.map(IpProtocol.TCP, 8080, 2001, 600).externalPort()).isEqualTo(2001);
        assertThat(externals()).contains(new Endpoint(Bench.EXTERNAL, 2001));
        assertThat(host.delete(IpProtocol.TCP, 0).result().value()).isZero();
        assertThat(externals()).containsExactlyInAnyOrder(ipv6, fixed);
    }

    @Test
    @Proves("pcp:S-MAP-11")
    void theQuotaIsOneForBoth() {
        bench = bench(2);
        external(onIpv4());
        external(onIpv6());
        assertThat(bench.refused(onIpv6().port(9)).result()).isEqualTo(USER_EX_QUOTA);
        assertThat(bench.refused(onIpv4().port(9)).result()).isEqualTo(USER_EX_QUOTA);
    }

    @Test
    @Proves("pcp:N-11")
    void whoIsDeletedInOneFamilyStaysInTheOther() {
        var ipv4 = external(onIpv4());
        external(onIpv6());
        bench.cgn.deleteSubscriber(SUBSCRIBER, IPV6);
        bench.run();
        assertThat(externals()).containsExactly(ipv4);
        assertThat(bench.store.load().subscribers())
                .containsOnly(entry(new SubscriberKey(SUBSCRIBER, Family.IPV4), Bench.EXTERNAL));
        bench.assertNoOrphan();
        external(onIpv6());
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        assertThat(externals()).isEmpty();
        assertThat(bench.store.load().subscribers()).isEmpty();
    }

    @Test
    void workForTheOtherFamilyGoesOn() {
        external(onIpv4().port(9));
        external(onIpv6().port(9));
        bench.cgnIsSlow = true;
        bench.queue(new Received(1000, Client.of(Bench.CLIENT), onIpv4().build()));
        bench.queue(new Received(1001, Client.of(Bench.CLIENT), onIpv6().build()));
        bench.run();
        bench.cgn.deleteSubscriber(SUBSCRIBER, IPV6);
        bench.run();
        assertThat(result(bench.answers.get(1001L))).isEqualTo(NO_RESOURCES);
        bench.hearFromCgn(2);
        bench.run();
        assertThat(result(bench.answers.get(1000L))).isEqualTo(SUCCESS);
        assertThat(externals())
                .hasSize(2)
                .allMatch(external -> external.address().isIpv4());
    }

    @Test
    void aSubscriberMovesInOneFamilyAlone() {
        var ipv4 = external(onIpv4());
        var before = external(onIpv6());
        var next = before.address().equals(IPV6) ? OTHER_IPV6 : IPV6;
        bench.happen(new Renumber(bench.nextRequestId(), SUBSCRIBER, next));
        bench.cgn.deleteSubscriber(SUBSCRIBER, next);
        bench.run();
        assertThat(externals()).containsExactlyInAnyOrder(ipv4, new Endpoint(next, before.port()));
        assertThat(bench.unasked)
                .singleElement()
                .isInstanceOfSatisfying(
                        Send.class,
                        sent -> assertThat(((MapResponse) sent.response()))
                                .extracting(MapResponse::assignedAddress, MapResponse::nonce)
                                .containsExactly(next, onIpv6().build().nonce()));
        bench = bench.restart();
        assertThat(externals()).containsExactlyInAnyOrder(ipv4, new Endpoint(next, before.port()));
    }

    @Test
    @Proves("pcp:S-MAP-14")
    void aFamilyThatThePoolHasNotIsRefused() {
        bench = new Bench(
                new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true),
                ranges(IPV6).toList(),
                1000);
        assertThat(bench.refused(onIpv4()))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(NETWORK_FAILURE, new Lifetime(1800));
        assertThat(external(onIpv6()).address()).isEqualTo(IPV6);
        assertThat(new NatPmpClient(bench).externalAddress().result().value())
                .as("network failure")
                .isEqualTo(3);
    }

    /** A remote peer of the other family would never come by it, and a filter is of the host's family. */
    @Test
    @Proves("pcp:S-GEN-10")
    void aFilterOfTheOtherFamilyIsRefused() {
        var filter = new Filter(128, 0, PEER.address());
        assertThat(bench.refused(onIpv6().with(filter)).result()).isEqualTo(EXCESSIVE_REMOTE_PEERS);
        assertThat(externals()).isEmpty();
        var ipv4 = external(onIpv4().with(filter));
        external(onIpv6());
        assertThat(inbound(PEER, ipv4)).contains(HOST);
        assertThat(inbound(new Endpoint(PcpAddress.parse("198.51.100.11"), 80), ipv4))
                .isEmpty();
    }

    @Test
    void aFlowLeavesInTheFamilyOfItsPeer() {
        bench.cgn.unlockDynamic();
        var flow = peer().protocol(6).port(8080);
        assertThat(result(bench.ask(Bench.CLIENT, flow.suggest("::").build()))).isEqualTo(NETWORK_FAILURE);
        var answer = (PeerResponse) ((Reply) bench.ask(Bench.CLIENT, flow.build())).response();
        assertThat(answer.assignedAddress()).isEqualTo(Bench.EXTERNAL);
        assertThat(outbound(PEER)).contains(new Endpoint(answer.assignedAddress(), answer.assignedPort()));
    }

    @Test
    @Proves("pcp:N-11")
    void aFlowEndsWithItsFamilyAlone() {
        bench.cgn.unlockDynamic();
        external(onIpv6().port(9));
        bench.ask(Bench.CLIENT, peer().build());
        bench.cgn.deleteSubscriber(SUBSCRIBER, IPV6);
        bench.run();
        assertThat(bench.store.load().peers()).isOne();
        assertThat(result(bench.ask(Bench.CLIENT, peer().nonce(9).build()))).isEqualTo(NOT_AUTHORIZED);
        bench.cgn.deleteSubscriber(SUBSCRIBER, Bench.EXTERNAL);
        bench.run();
        assertThat(bench.store.load().peers()).isZero();
        assertThat(result(bench.ask(Bench.CLIENT, peer().nonce(9).build()))).isEqualTo(SUCCESS);
    }

    @Test
    void theEpochIsOneForBoth() {
        external(onIpv4());
        external(onIpv6());
        bench.pass(Duration.ofSeconds(7));
        var announced = (Reply) bench.ask(Bench.CLIENT, new AnnounceRequest(Bench.CLIENT.address()));
        assertThat(announced.response().epoch().seconds()).isEqualTo(7);
        assertThat(bench.granted(onIpv6()).epoch().seconds()).isEqualTo(7);
    }
}
