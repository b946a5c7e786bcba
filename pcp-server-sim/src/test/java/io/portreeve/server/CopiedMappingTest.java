package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.LiveTraffic;
import io.portreeve.server.cgn.Packet;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEvent.ClearOf;
import io.portreeve.server.engine.ServerEvent.Renumber;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** TCP 8080 of the client has sent something before anybody asked for a mapping. The pool is 2000 to 2009. */
final class CopiedMappingTest {
    private static final SubscriberId LINE = new SubscriberId(Bench.CLIENT.address());
    private static final Endpoint HOST = new Endpoint(Bench.CLIENT.address(), 8080);
    private static final Endpoint PEER = new Endpoint(PcpAddress.parse("198.51.100.20"), 80);
    private static final Endpoint OTHER_PEER = new Endpoint(PcpAddress.parse("198.51.100.21"), 443);
    private static final PcpAddress OTHER = PcpAddress.parse("100.64.0.3");

    private Bench bench = new Bench(
            new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true), Bench.pool(2000, 2009), 1000);

    /** The external port of that traffic. */
    private int port;

    @BeforeEach
    void send() {
        bench.cgn.unlockDynamic();
        port = outbound(PEER).orElseThrow().port();
        assertThat(port).isGreaterThan(2009);
    }

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    private static Packet to(Endpoint remote) {
        return Packet.inside(LINE, IpProtocol.TCP, HOST, remote);
    }

    private Optional<Endpoint> outbound(Endpoint remote) {
        return bench.cgn.outbound(to(remote)).map(Packet::source);
    }

    private Optional<Endpoint> inbound(Endpoint remote) {
        return bench.inbound(IpProtocol.TCP, remote, port);
    }

    private void copy() {
        assertThat(bench.granted(map()).assignedPort()).isEqualTo(port);
    }

    /** All ports of the pool can be had, and no other. */
    private void assertPoolIsWhole() {
        var others = map().from(OTHER).protocol(6);
        for (int i = 0; i < 10; i++) {
            assertThat(bench.granted(others.port(i + 1).suggest(2000 + i)).assignedPort())
                    .isEqualTo(2000 + i);
        }
        assertThat(bench.refused(others.port(99)).result()).isEqualTo(NO_RESOURCES);
    }

    @Test
    @Proves({"pcp:S-MAP-06", "pcp:N-16"})
    void trafficAndMappingShareThePortAndBothLiveOn() {
        var granted = bench.granted(map().suggest(2001));
        assertThat(granted.assignedPort()).isEqualTo(port);
        assertThat(granted.assignedAddress()).isEqualTo(Bench.EXTERNAL);
        assertThat(granted.lifetime()).isEqualTo(new Lifetime(3600));
        assertThat(inbound(PEER)).contains(HOST);
        assertThat(inbound(OTHER_PEER)).as("now let in").contains(HOST);
        assertThat(outbound(OTHER_PEER)).map(Endpoint::port).contains(port);

        bench.granted(map().lifetime(0));
        assertThat(inbound(OTHER_PEER)).as("let in no more").isEmpty();
        assertThat(inbound(PEER)).as("goes on").contains(HOST);
        assertThat(outbound(PEER)).map(Endpoint::port).contains(port);
        assertPoolIsWhole();
    }

    @Test
    @Proves("pcp:S-MAP-06")
    void theMappingOutlivesTheTraffic() {
        bench.granted(map().lifetime(20_000));
        bench.pass(Duration.ofSeconds(7440));
        assertThat(inbound(OTHER_PEER)).contains(HOST);
        assertThat(bench.granted(map().suggest(2001)).assignedPort())
                .as("renewed")
                .isEqualTo(port);
    }

    @Test
    void whenTheMappingExpiresTheTrafficGoesOn() {
        bench.granted(map().lifetime(120));
        bench.pass(Duration.ofSeconds(120));
        assertThat(bench.mappings()).isEmpty();
        assertThat(inbound(PEER)).contains(HOST);
        assertThat(inbound(OTHER_PEER)).isEmpty();
        assertPoolIsWhole();
    }

    /** It is the CGN's again, and whoever sends next may have it by chance. */
    @Test
    void noPortIsHeldBackThatIsNotThePools() {
        copy();
        bench.granted(map().lifetime(0));
        assertThat(bench.store.load().held()).isEmpty();
        bench.pass(Duration.ofSeconds(7440));
        assertThat(bench.granted(map().suggest(port)).assignedPort()).isBetween(2000, 2009);
    }

    @Test
    @Proves("pcp:S-MAP-06")
    void preferFailureGetsThatPortOrNone() {
        for (int suggested : new int[] {2001, port + 1}) {
            assertThat(bench.refused(map().suggest(suggested).with(PREFER_FAILURE)))
                    .extracting(Refuse::result, Refuse::lifetime)
                    .containsExactly(CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        }
        assertThat(bench.granted(map().suggest(port).with(PREFER_FAILURE)).assignedPort())
                .isEqualTo(port);
    }

    @Test
    void nobodyElseGetsThatPort() {
        var other = map().from(OTHER).suggest(port);
        assertThat(bench.refused(other.with(PREFER_FAILURE)).result()).isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        copy();
        assertThat(bench.refused(other.with(PREFER_FAILURE)).result()).isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        assertThat(bench.granted(other).assignedPort()).isBetween(2000, 2009);
    }

    @Test
    void anEmptyPoolIsNoObstacle() {
        for (int i = 1; i <= 10; i++) {
            bench.granted(map().from(OTHER).port(i));
        }
        copy();
        bench.granted(map().lifetime(0));
        bench.granted(map().from(OTHER).port(1).lifetime(0));
    }

    @Test
    void aSetBecomesItsFirstPort() {
        var set = map().with(new PortSet(4, 8080, false));
        var granted = bench.granted(set);
        assertThat(granted.assignedPort()).isEqualTo(port);
        assertThat(granted.options()).isEmpty();
        assertPoolIsWhole();
        assertThat(bench.cgn.table()).hasSize(11);
    }

    /** The first port of the set has no traffic, so there is nothing to copy. */
    @Test
    void aSetAroundThePortOfTrafficIsNotMade() {
        assertThat(bench.refused(map().port(8079).with(new PortSet(4, 8079, false))))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(NO_RESOURCES, new Lifetime(30));
        assertPoolIsWhole();
    }

    @Test
    void theCommonWayIsOneCall() {
        bench.granted(map().port(1));
        bench.faults.calls.clear();
        bench.granted(map().port(2));
        assertThat(bench.faults.calls).containsExactly("createPcpMapping");
    }

    @Test
    @Proves("pcp:N-16")
    void aCgnThatCannotSayIsALackOfResources() {
        bench.faults.refuse("liveTraffic", 0);
        assertThat(bench.refused(map()))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(NO_RESOURCES, new Lifetime(30));
        copy();
    }

    @Test
    @Proves("pcp:N-16")
    void soIsACollisionWithNothing() {
        for (var wanted :
                new WantedMap[] {map().port(1), map().port(1).suggest(2001).with(PREFER_FAILURE)}) {
            bench.faults.refuse("createPcpMapping", 0, CgnError.COLLISION);
            assertThat(bench.refused(wanted))
                    .extracting(Refuse::result, Refuse::lifetime)
                    .containsExactly(NO_RESOURCES, new Lifetime(30));
        }
        assertPoolIsWhole();
    }

    @Test
    void soIsACollisionWithTheCopy() {
        bench.faults.refuse("createPcpMapping", 1, CgnError.COLLISION);
        assertThat(bench.refused(map()).result()).isEqualTo(NO_RESOURCES);
        assertPoolIsWhole();
    }

    @Test
    void whatCannotBeWrittenIsTakenBack() {
        bench.store.full = true;
        assertThat(bench.refused(map()).result()).isEqualTo(NO_RESOURCES);
        bench.store.full = false;
        assertThat(inbound(PEER)).contains(HOST);
        assertThat(inbound(OTHER_PEER)).isEmpty();
        copy();
        bench.store.full = true;
        assertThat(bench.refused(map().lifetime(0)).result()).isEqualTo(NO_RESOURCES);
        bench.store.full = false;
        assertThat(inbound(OTHER_PEER)).as("not deleted").contains(HOST);
    }

    @Test
    void aRestartBringsItBack() {
        copy();
        bench.pass(Duration.ofSeconds(100));
        bench = bench.restart();
        assertThat(bench.unasked).as("no loss").isEmpty();
        assertThat(inbound(OTHER_PEER)).contains(HOST);
        bench.cgn.unlockDynamic();
        assertThat(outbound(PEER)).map(Endpoint::port).contains(port);
        assertThat(bench.granted(map()).assignedPort()).isEqualTo(port);
        bench.granted(map().lifetime(0));
        assertPoolIsWhole();
    }

    @Test
    void itGoesWithItsSubscriber() {
        copy();
        bench.cgn.deleteSubscriber(LINE);
        bench.run();
        assertThat(bench.mappings()).isEmpty();
        assertPoolIsWhole();
    }

    @Test
    void theOperatorTakesItAway() {
        copy();
        bench.happen(new ClearOf(LINE));
        assertThat(inbound(PEER)).contains(HOST);
        assertThat(inbound(OTHER_PEER)).isEmpty();
        assertPoolIsWhole();
    }

    @Test
    void whenItsSubscriberMovesItGetsAPortOfThePool() {
        copy();
        bench.happen(new Renumber(bench.nextRequestId(), LINE, Bench.EXTERNAL));
        bench.cgn.deleteSubscriber(LINE);
        bench.run();
        assertThat(bench.mappings())
                .singleElement()
                .satisfies(view -> assertThat(view.external().port()).isBetween(2000, 2009));
    }

    @Test
    @Proves("pcp:S-PEER-08")
    void aFlowThatWasPromisedOutlivesIt() {
        var flow = peer().protocol(6).port(8080).to(PEER.address().toString(), PEER.port());
        assertThat(bench.ask(Bench.CLIENT, flow.lifetime(10_000).build())).isInstanceOf(Reply.class);
        copy();
        assertThat(bench.ask(Bench.CLIENT, flow.lifetime(20_000).build())).isInstanceOf(Reply.class);
        bench.granted(map().lifetime(0));
        bench.pass(Duration.ofSeconds(19_999));
        assertThat(inbound(PEER)).contains(HOST);
    }

    @Test
    @Proves("pcp:S-LIFE-04")
    void trafficIsNotTheClientsToDelete() {
        bench.pass(Duration.ofSeconds(40));
        assertThat(bench.refused(map().lifetime(0)))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(NOT_AUTHORIZED, new Lifetime(7400));
        assertThat(inbound(PEER)).contains(HOST);
        bench.granted(map().port(8081).lifetime(0));
        bench.granted(map().protocol(17).lifetime(0));
        bench.granted(map().suggest("::").lifetime(0));
        bench.granted(map().from(OTHER).with(thirdParty("100.64.0.2")).lifetime(0));
        bench.pass(Duration.ofSeconds(7400));
        bench.granted(map().lifetime(0));
    }

    /** The traffic has an IPv4 address outside. */
    @Test
    @Proves("pcp:S-LIFE-05")
    void trafficIsOfOneExternalFamily() {
        var pool = new ArrayList<>(Bench.pool(2000, 2009));
        pool.add(new PoolRange(PcpAddress.parse("2001:db8::1"), IpProtocol.TCP, 2000, 2009));
        bench = new Bench(new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true), pool, 1000);
        bench.cgn.unlockDynamic();
        assertThat(outbound(PEER)).map(Endpoint::address).contains(Bench.EXTERNAL);
        bench.granted(map().suggest("::").lifetime(0));
        assertThat(bench.refused(map().lifetime(0)).result()).isEqualTo(NOT_AUTHORIZED);
    }

    @Test
    @Proves("pcp:S-LIFE-04")
    void neitherIsAFlowThatWasPromised() {
        var flow = peer().port(8080);
        bench.ask(Bench.CLIENT, flow.build());
        assertThat(bench.refused(map().protocol(17).lifetime(0)))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(NOT_AUTHORIZED, new Lifetime(3600));
    }

    @Test
    void whoHasNoMappingIsAskedAboutOnce() {
        bench.granted(map().port(1));
        bench.faults.calls.clear();
        bench.granted(map().port(2).lifetime(0));
        assertThat(bench.faults.calls).containsExactly("liveTraffic");
        bench.granted(map().port(0).protocol(0).lifetime(0));
        bench.granted(map().port(0).lifetime(0));
        bench.granted(map().protocol(132).lifetime(0));
        assertThat(bench.faults.calls).as("what can have no traffic").hasSize(1);
        bench.faults.refuse("liveTraffic", 0);
        bench.granted(map().lifetime(0));
    }

    @Test
    void natPmpGetsThatPortToo() {
        var granted = new NatPmpClient(bench).map(IpProtocol.TCP, 8080, 2001, 3600);
        assertThat(granted.externalPort()).isEqualTo(port);
        assertThat(new NatPmpClient(bench).map(IpProtocol.TCP, 8080, 2001, 3600))
                .as("renewed")
                .isEqualTo(granted);
    }

    /** Not every CGN keeps its traffic away from them. */
    @Test
    @Proves("pcp:S-MAP-09")
    void pcpsOwnPortsAreNotCopied() {
        for (int own : List.of(5350, 5351)) {
            bench.faults.refuse("createPcpMapping", 0, CgnError.COLLISION);
            bench.faults.answer("liveTraffic", trafficAt(own));
            assertThat(bench.refused(map().protocol(17).port(9000)).result()).isEqualTo(NO_RESOURCES);
            assertThat(bench.faults.calls)
                    .as("what is asked after the traffic was found")
                    .endsWith("createPcpMapping", "liveTraffic");
        }
        assertThat(bench.cgn.table()).isEmpty();
        bench.faults.refuse("createPcpMapping", 0, CgnError.COLLISION);
        bench.faults.answer("liveTraffic", trafficAt(5351));
        assertThat(bench.granted(map().protocol(6).port(9000)).assignedPort())
                .as("of TCP it is one like others")
                .isEqualTo(5351);
    }

    private static Optional<LiveTraffic> trafficAt(int external) {
        return Optional.of(new LiveTraffic(new Endpoint(Bench.EXTERNAL, external), new Lifetime(60)));
    }

    /** RFC 6886 section 3.4. */
    @Test
    void natPmpDeletesWhatItMadeAndNothingElse() {
        assertThat(new NatPmpClient(bench).delete(IpProtocol.TCP, 8080).result())
                .isEqualTo(NatPmpResult.SUCCESS);
        assertThat(inbound(PEER)).contains(HOST);
    }
}
