package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.MALFORMED_REQUEST;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PcpOption.Unknown;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.Packet;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PEER, and what becomes of the packets of the flows it speaks of. */
final class PeerTest {
    private static final ServerPolicy POLICY = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true);
    private static final SubscriberId LINE = new SubscriberId(Bench.CLIENT.address());
    private static final Endpoint INSIDE = new Endpoint(Bench.CLIENT.address(), 40_000);

    private final Bench bench = new Bench(POLICY, Bench.pool(2000, 2009), 1000);

    @BeforeEach
    void unlock() {
        bench.cgn.unlockDynamic();
    }

    private PeerResponse granted(WantedPeer asked) {
        assertThat(bench.ask(Bench.CLIENT, asked.build())).isInstanceOf(Reply.class);
        return (PeerResponse) ((Reply) bench.ask(Bench.CLIENT, asked.build())).response();
    }

    private Refuse refused(WantedPeer asked) {
        return (Refuse) bench.ask(Bench.CLIENT, asked.build());
    }

    private static Endpoint external(PeerResponse answer) {
        return new Endpoint(answer.assignedAddress(), answer.assignedPort());
    }

    /** {@return from where a packet of the flow leaves the CGN} */
    private Optional<Endpoint> leavesFrom(WantedPeer flow) {
        var inside = new Endpoint(Bench.CLIENT.address(), flow.internalPort());
        return bench.cgn
                .outbound(Packet.inside(LINE, flow.protocol(), inside, flow.remote()))
                .map(Packet::source);
    }

    /** {@return where an answer of the remote peer arrives; what comes in keeps no flow alive} */
    private Optional<Endpoint> reaches(WantedPeer flow, Endpoint external) {
        return bench.cgn
                .inbound(Packet.outside(flow.protocol(), flow.remote(), external))
                .map(Packet::destination);
    }

    private void pass(long seconds) {
        bench.pass(Duration.ofSeconds(seconds));
    }

    @Test
    @Proves("pcp:S-PEER-02")
    void aNewFlowHasAPortOfTheCgnsAsLongAsWasPromised() {
        var answer = granted(peer().with(new Unknown(200)));
        var flow = peer().build();
        assertThat(answer)
                .isEqualTo(new PeerResponse(
                        0,
                        new Lifetime(3600),
                        new EpochTime(0),
                        flow.nonce(),
                        IpProtocol.UDP,
                        40_000,
                        answer.assignedPort(),
                        Bench.EXTERNAL,
                        80,
                        flow.remoteAddress(),
                        List.of()));
        assertThat(bench.cgn.table()).as("explicit mappings").isEmpty();
        assertThat(reaches(peer().to("198.51.100.11", 80), external(answer))).isEmpty();
        pass(3599);
        assertThat(reaches(peer(), external(answer))).contains(INSIDE);
        pass(2);
        assertThat(reaches(peer(), external(answer))).isEmpty();
    }

    @Test
    @Proves("pcp:S-PEER-02")
    void thePacketsOfTheFlowLeaveAsWasSaid() {
        var answer = granted(peer());
        assertThat(leavesFrom(peer())).contains(external(answer));
    }

    static Stream<WantedPeer> senseless() {
        return Stream.of(
                peer().protocol(0),
                peer().port(0),
                peer().to("198.51.100.10", 0),
                peer().with(PREFER_FAILURE),
                peer().to("127.0.0.1", 80),
                peer().to("0.0.0.0", 80),
                peer().to("224.0.0.1", 80),
                peer().to("255.255.255.255", 80),
                peer().to("2001:db8::1", 80));
    }

    @ParameterizedTest
    @MethodSource("senseless")
    @Proves("pcp:S-PEER-01")
    void whatCannotBeAFlowIsMalformed(WantedPeer asked) {
        assertThat(refused(asked))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(MALFORMED_REQUEST, new Lifetime(1800));
        assertThat(bench.store.load().peers()).isZero();
    }

    static Stream<WantedPeer> unmet() {
        return Stream.of(
                peer().suggest(2001),
                peer().suggest("203.0.114.9"),
                peer().suggest(2001).lifetime(0));
    }

    @ParameterizedTest
    @MethodSource("unmet")
    @Proves("pcp:S-PEER-03")
    void aSuggestionThatCannotBeMetLeavesNothing(WantedPeer asked) {
        assertThat(refused(asked))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        assertThat(bench.store.load().peers()).isZero();
        granted(peer().nonce(9));
        pass(3601);
        assertThat(reaches(peer(), new Endpoint(Bench.EXTERNAL, 2001))).isEmpty();
    }

    @Test
    @Proves("pcp:S-PEER-04")
    void aLiveFlowIsAdopted() {
        var external = leavesFrom(peer()).orElseThrow();
        pass(100);
        var answer = granted(peer());
        assertThat(external(answer)).isEqualTo(external);
        assertThat(answer.lifetime()).isEqualTo(new Lifetime(3600));
        assertThat(refused(peer().nonce(9)).result()).isEqualTo(NOT_AUTHORIZED);
        pass(3599);
        assertThat(reaches(peer(), external)).contains(INSIDE);
    }

    static Stream<WantedPeer> meaningless() {
        return Stream.of(
                peer().suggest(2001),
                peer().suggest("203.0.114.9"),
                peer().suggest(2001).suggest("203.0.114.9"));
    }

    @ParameterizedTest
    @MethodSource("meaningless")
    @Proves("pcp:S-PEER-04")
    void whatIsSuggestedForALiveFlowMeansNothing(WantedPeer asked) {
        var external = leavesFrom(peer()).orElseThrow();
        assertThat(external(granted(asked))).isEqualTo(external);
        bench.faults.calls.clear();
        assertThat(external(granted(asked.suggest(2002)))).as("renewed").isEqualTo(external);
        assertThat(bench.faults.calls).containsOnly("addDynamicMap");
        var other = asked.to("198.51.100.11", 80);
        assertThat(refused(other).result()).as("another flow").isEqualTo(CANNOT_PROVIDE_EXTERNAL);
    }

    @Test
    @Proves("pcp:N-06")
    void whatCannotBeMetIsNotTriedAtTheCgn() {
        refused(peer().suggest(2001));
        assertThat(bench.faults.calls).containsExactly("getSubscriber", "liveTraffic");
        bench.faults.refuse("liveTraffic", 0);
        leavesFrom(peer());
        assertThat(refused(peer().suggest(2001)).result())
                .as("the CGN cannot say what is there")
                .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        assertThat(bench.faults.calls).doesNotContain("addDynamicMap");
        var answer = granted(peer().to("198.51.100.12", 80).port(40_001));
        assertThat(answer.assignedPort()).isGreaterThan(2009);
    }

    @Test
    @Proves("pcp:S-PEER-05")
    void nothingShortensAFlow() {
        var external = external(granted(peer()));
        pass(600);
        for (long lifetime : new long[] {0, 1, 1200}) {
            var again = granted(peer().lifetime(lifetime));
            assertThat(again.lifetime()).isEqualTo(new Lifetime(3000));
            assertThat(external(again)).isEqualTo(external);
        }
        pass(2999);
        assertThat(reaches(peer(), external)).contains(INSIDE);
        assertThat(refused(peer().nonce(9)).lifetime()).isEqualTo(new Lifetime(1));
    }

    @Test
    @Proves("pcp:S-PEER-05")
    void aFlowIsLengthenedAsFarAsTheServerAllows() {
        var external = external(granted(peer()));
        assertThat(granted(peer().lifetime(7200)).lifetime()).isEqualTo(new Lifetime(7200));
        assertThat(granted(peer().lifetime(4_294_967_295L)).lifetime()).isEqualTo(new Lifetime(86_400));
        pass(86_399);
        assertThat(reaches(peer(), external)).contains(INSIDE);
    }

    @Test
    @Proves("pcp:S-PEER-06")
    void whatRanOutIsAFlowLikeAnyOther() {
        var external = external(granted(peer().lifetime(200)));
        pass(150);
        leavesFrom(peer());
        pass(50);
        assertThat(bench.store.load().peers()).isZero();
        pass(69);
        assertThat(reaches(peer(), external)).as("kept by its traffic").contains(INSIDE);
        pass(2);
        assertThat(reaches(peer(), external)).isEmpty();
    }

    @Test
    @Proves("pcp:S-PEER-06")
    void whatRanOutMayBeAnothers() {
        granted(peer().lifetime(200));
        pass(199);
        assertThat(refused(peer().nonce(9)).result()).isEqualTo(NOT_AUTHORIZED);
        pass(1);
        granted(peer().nonce(9));
    }

    @Test
    @Proves("pcp:S-PEER-07")
    void aFlowAnswersToItsNonceAlone() {
        var other = peer().to("198.51.100.11", 80).nonce(9);
        var external = external(granted(peer()));
        assertThat(external(granted(other))).as("one port for all its peers").isEqualTo(external);
        pass(600);
        for (var swapped : List.of(peer().nonce(9), peer().nonce(9).lifetime(0))) {
            assertThat(refused(swapped))
                    .extracting(Refuse::result, Refuse::lifetime)
                    .containsExactly(NOT_AUTHORIZED, new Lifetime(3000));
        }
        assertThat(refused(other.nonce(1)).result()).isEqualTo(NOT_AUTHORIZED);
        granted(peer());
        granted(other);
    }

    @Test
    @Proves("pcp:S-PEER-08")
    void anExplicitMappingServesTheFlow() {
        bench.ask(
                Bench.CLIENT,
                map().protocol(17).port(40_000).suggest(2001).lifetime(600).build());
        var mapped = new Endpoint(Bench.EXTERNAL, 2001);
        pass(100);
        assertThat(external(granted(peer().suggest(2001)))).isEqualTo(mapped);
        var answer = granted(peer());
        assertThat(external(answer)).isEqualTo(mapped);
        assertThat(answer.lifetime()).as("not beyond the mapping").isEqualTo(new Lifetime(500));
        assertThat(granted(peer().lifetime(0)).lifetime()).as("not shortened").isEqualTo(new Lifetime(500));
        assertThat(leavesFrom(peer())).contains(mapped);
        assertThat(refused(peer().to("198.51.100.11", 80).suggest(2002)).result())
                .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        assertThat(refused(peer().to("198.51.100.11", 80).suggest("203.0.114.9"))
                        .result())
                .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
    }

    @Test
    @Proves("pcp:S-PEER-08")
    void soDoesThePortOfASet() {
        var set = map().protocol(17).port(39_998).suggest(2002).with(new PortSet(4, 39_998, false));
        bench.ask(Bench.CLIENT, set.build());
        assertThat(granted(peer()).assignedPort()).isEqualTo(2004);
    }

    @Test
    void aHostBehindTheSubscriberHasItsOwnFlows() {
        var third = thirdParty("192.168.1.33");
        bench.ask(Bench.CLIENT, map().protocol(17).port(40_000).suggest(2001).build());
        var answer = granted(peer().with(third));
        assertThat(answer.options()).containsExactly(third);
        assertThat(answer.assignedPort()).isNotEqualTo(2001);
    }

    @Test
    void aMappingMadeLaterLeavesTheFlowWhereItIs() {
        var external = external(granted(peer().lifetime(600)));
        bench.ask(Bench.CLIENT, map().protocol(17).port(40_000).suggest(2001).build());
        var renewed = granted(peer());
        assertThat(external(renewed)).isEqualTo(external);
        assertThat(leavesFrom(peer())).contains(external);
        pass(3599);
        assertThat(reaches(peer(), external)).contains(INSIDE);
    }

    @Test
    void aFlowThatEndedIsServedByTheMapping() {
        bench.ask(Bench.CLIENT, map().protocol(17).port(40_000).suggest(2001).build());
        granted(peer());
        bench.ask(Bench.CLIENT, map().protocol(17).port(40_000).lifetime(0).build());
        bench.ask(
                Bench.CLIENT,
                map().protocol(17).port(40_000).suggest(2002).lifetime(600).build());
        var answer = granted(peer());
        assertThat(answer.assignedPort()).isEqualTo(2002);
        assertThat(answer.lifetime()).isEqualTo(new Lifetime(600));
    }

    @Test
    void theMappingThatIsBeingMadeServesTheFlow() {
        assertThat(whileTheCgnWorksOn(map().protocol(17).port(40_000).suggest(2001))
                        .assignedPort())
                .isEqualTo(2001);
        assertThat(leavesFrom(peer())).contains(new Endpoint(Bench.EXTERNAL, 2001));
    }

    @Test
    void soDoesTheOneWhoseFilterIsBeingChanged() {
        var mapping = map().protocol(17).port(40_000).suggest(2001);
        bench.ask(Bench.CLIENT, mapping.build());
        var filter = new Filter(128, 0, peer().remote().address());
        assertThat(whileTheCgnWorksOn(mapping.with(filter)).assignedPort()).isEqualTo(2001);
    }

    /** {@return the answer to a PEER that came before the CGN had done {@code mapping}} */
    private PeerResponse whileTheCgnWorksOn(WantedMap mapping) {
        bench.cgnIsSlow = true;
        bench.ask(Bench.CLIENT, mapping.build());
        long id = bench.nextRequestId();
        bench.happen(new Received(id, Bench.CLIENT, peer().build()));
        bench.letTheCgnAnswer();
        assertThat(bench.answers.get(id)).isInstanceOf(Reply.class);
        return (PeerResponse) ((Reply) bench.answers.get(id)).response();
    }

    @Test
    void whatCannotBeWrittenIsNotPromised() {
        granted(peer().lifetime(600));
        bench.store.full = true;
        assertThat(refused(peer()).result()).isEqualTo(NO_RESOURCES);
        assertThat(refused(peer().nonce(9)).lifetime()).isEqualTo(new Lifetime(600));
        assertThat(refused(peer().to("198.51.100.11", 80)).result()).isEqualTo(NO_RESOURCES);
        bench.store.full = false;
        granted(peer().to("198.51.100.11", 80).nonce(9));
    }

    @Test
    void nothingIsPromisedBeforeTheCgnIsUnlocked() {
        var locked = new Bench(POLICY, Bench.pool(2000, 2009), 1000);
        assertThat(((Refuse) locked.ask(Bench.CLIENT, peer().build())).result()).isEqualTo(NO_RESOURCES);
        assertThat(locked.store.load().peers()).isZero();
    }

    @Test
    void aDeletedSubscriberHasNoFlows() {
        granted(peer());
        bench.cgn.deleteSubscriber(LINE);
        bench.run();
        assertThat(bench.store.load().peers()).isZero();
        granted(peer().nonce(9));
    }

    @Test
    @Proves({"pcp:S-PEER-02", "rel:I2"})
    void nothingIsPromisedBeyondWhatTheCgnKeepsHoweverLateItsAnswerComes() {
        bench.cgnIsSlow = true;
        long id = bench.nextRequestId();
        bench.happen(new Received(id, Bench.CLIENT, peer().build()));
        bench.hearFromCgn(1); // who the subscriber is
        bench.run();
        bench.pass(Duration.ofSeconds(2));
        bench.hearFromCgn(1);
        bench.run();
        var answer = (PeerResponse) ((Reply) bench.answers.get(id)).response();
        assertThat(answer.lifetime()).isEqualTo(new Lifetime(3598));
    }

    @Test
    @Proves({"pcp:S-PEER-02", "rel:I2"})
    void whoAsksOftenIsNotPromisedMore() {
        granted(peer());
        for (int tenth = 0; tenth < 10; tenth++) {
            bench.pass(Duration.ofMillis(100));
            granted(peer().lifetime(120));
        }
        assertThat(granted(peer().lifetime(120)).lifetime()).isEqualTo(new Lifetime(3599));
    }
}
