package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.SUCCESS;
import static io.portreeve.pcp.ResultCode.USER_EX_QUOTA;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.PortReservation;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.engine.ServerEffect.Send;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PORT_SET and PORT_RESERVATION. External ports 2000 to 2009, if nothing else is said. */
final class PortSetTest {
    private static final Endpoint REMOTE = new Endpoint(PcpAddress.parse("198.51.100.10"), 7000);
    private static final PcpAddress OTHER = PcpAddress.parse("100.64.0.3");

    private Bench bench = bench(64, 1000, Bench.pool(2000, 2009));

    private static ServerPolicy policy(int quota) {
        return new ServerPolicy(new Lifetime(120), new Lifetime(86_400), quota, true);
    }

    private static Bench bench(int quota, int capacity, List<PoolRange> pool) {
        return new Bench(policy(quota), pool, capacity);
    }

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    private static PortSet set(int size, int firstInternalPort) {
        return new PortSet(size, firstInternalPort, false);
    }

    /** {@return a request for so many ports from {@code internalPort} on} */
    private static WantedMap wanted(int internalPort, int size) {
        return map().port(internalPort).with(set(size, internalPort));
    }

    /** Each external port leads to the internal port that is as far from the first. */
    private void assertLeadsTo(int internalPort, int externalPort, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(bench.inbound(IpProtocol.TCP, REMOTE, externalPort + i))
                    .contains(new Endpoint(Bench.CLIENT.address(), internalPort + i));
        }
    }

    @Test
    @Proves("pcp:B-PSET-02")
    void contiguousPortsLeadToContiguousPorts() {
        var answer = bench.granted(wanted(8080, 4));
        assertThat(answer.options()).containsExactly(set(4, 8080));
        assertThat(answer.internalPort()).isEqualTo(8080);
        assertLeadsTo(8080, answer.assignedPort(), 4);
        assertThat(bench.cgn.table()).hasSize(4);
        assertThat(bench.mappings()).hasSize(1);
    }

    @Test
    @Proves({"pcp:B-PSET-02", "pcp:S-MAP-07"})
    void aSetBeginsWhereItIsSuggestedIfAllOfItIsFreeThere() {
        assertThat(bench.granted(wanted(8080, 3).suggest(2004)).assignedPort()).isEqualTo(2004);
        var second = bench.granted(wanted(9000, 3).suggest(2003));
        assertThat(second.assignedPort()).isNotEqualTo(2003);
        assertThat(second.options()).as("rather all of it elsewhere").containsExactly(set(3, 9000));
        assertLeadsTo(9000, second.assignedPort(), 3);
    }

    @ParameterizedTest
    @CsvSource({"65535, 10", "11, 10", "10, 10", "9, 9"})
    @Proves("pcp:B-PSET-02")
    void asManyAsThereAreAndNoMoreThanWasAsked(int asked, int granted) {
        assertThat(bench.granted(wanted(8080, asked)).options()).containsExactly(set(granted, 8080));
        assertThat(bench.cgn.table()).hasSize(granted);
    }

    @Test
    @Proves("pcp:B-PSET-02")
    void theLongestRunIsGrantedIfNoneIsLongEnough() {
        bench.granted(map().from(OTHER).port(1).suggest(2002));
        bench.granted(map().from(OTHER).port(2).suggest(2008));
        var answer = bench.granted(wanted(8080, 9));
        assertThat(answer.assignedPort()).isEqualTo(2003);
        assertThat(answer.options()).containsExactly(set(5, 8080));
    }

    @Test
    @Proves("pcp:B-PSET-02")
    void aSinglePortIsNoSet() {
        assertThat(bench.granted(wanted(1, 1)).options()).isEmpty();
        for (int port = 2001; port <= 2009; port += 2) {
            bench.granted(map().from(OTHER).port(port).suggest(port));
        }
        assertThat(bench.granted(wanted(8080, 2)).options()).isEmpty();
        assertThat(bench.cgn.table()).hasSize(7);
    }

    @Test
    @Proves("pcp:B-PSET-02")
    void noPortBeyondTheLastIsMapped() {
        assertThat(bench.granted(wanted(65_533, 10)).options()).containsExactly(set(3, 65_533));
        assertThat(bench.granted(map().protocol(17).port(65_535).with(set(10, 65_535)))
                        .options())
                .isEmpty();
        assertThat(bench.cgn.table()).hasSize(4);
    }

    @Test
    @Proves({"pcp:B-PSET-02", "pcp:S-MAP-11"})
    void theQuotaCountsPorts() {
        bench = bench(5, 1000, Bench.pool(2000, 2009));
        bench.granted(wanted(8080, 3));
        assertThat(bench.granted(wanted(9000, 3)).options()).containsExactly(set(2, 9000));
        assertThat(bench.refused(map().port(1)).result()).isEqualTo(USER_EX_QUOTA);
        assertThat(bench.refused(wanted(1, 2)).result()).isEqualTo(USER_EX_QUOTA);
        bench.granted(wanted(8080, 3));
        bench.granted(wanted(8080, 3).lifetime(0));
        bench = bench.restart();
        assertThat(bench.granted(wanted(1, 4)).options()).containsExactly(set(3, 1));
    }

    /** The CGN has not even said who the subscriber is. */
    @Test
    @Proves("pcp:S-MAP-11")
    void portsInTheMakingAreCounted() {
        bench = bench(5, 1000, Bench.pool(2000, 2009));
        bench.askAtOnce(
                Bench.CLIENT, List.of(wanted(8080, 3).build(), wanted(9000, 3).build()));
        assertThat(bench.cgn.table()).hasSize(5);
    }

    /** The pool had fewer than the quota has. */
    @Test
    @Proves("pcp:S-MAP-11")
    void whatWasNotGrantedIsNotCounted() {
        bench = bench(6, 1000, Bench.pool(2000, 2003));
        assertThat(bench.granted(wanted(8080, 6)).options()).containsExactly(set(4, 8080));
        assertThat(bench.granted(map().protocol(17).port(1).with(set(5, 1))).options())
                .containsExactly(set(2, 1));
        assertThat(bench.refused(map().protocol(17).port(3)).result()).isEqualTo(USER_EX_QUOTA);
    }

    @Test
    @Proves("pcp:B-PSET-02")
    void aServerMaySetALimitOrKnowNoSets() {
        bench = new Bench(policy(64).with(extras(3)), Bench.pool(2000, 2009), 1000);
        assertThat(bench.granted(wanted(8080, 10)).options()).containsExactly(set(3, 8080));
        bench = new Bench(policy(64).with(extras(1)), Bench.pool(2000, 2009), 1000);
        assertThat(bench.granted(wanted(8080, 10)).options()).isEmpty();
        assertThat(bench.granted(map().port(1).with(new PortReservation())).options())
                .isEmpty();
        assertThat(bench.cgn.table()).hasSize(2);
    }

    private static Extras extras(int largestSet) {
        return new Extras(true, 128, largestSet, Disclosure.NONE, new Lifetime(120), List.of());
    }

    @Test
    @Proves({"pcp:B-PSET-03", "pcp:S-GEN-10"})
    void aCgnThatRefusesTheThirdPortLeavesNoTrace() {
        bench = bench(3, 2, Bench.pool(2000, 2002));
        assertThat(bench.refused(wanted(8080, 3)).result()).isEqualTo(NO_RESOURCES);
        assertThat(bench.cgn.table()).isEmpty();
        bench.assertNoOrphan();
        assertThat(bench.refused(wanted(8080, 3)).result())
                .as("quota and ports are free")
                .isEqualTo(NO_RESOURCES);
        assertThat(bench.granted(wanted(8080, 2)).options()).containsExactly(set(2, 8080));
    }

    @Test
    @Proves({"pcp:B-PSET-03", "pcp:S-GEN-10", "rel:I2"})
    void aSetThatCannotBeStoredLeavesNoTrace() {
        bench = bench(3, 1000, Bench.pool(2000, 2002));
        bench.store.full = true;
        assertThat(bench.refused(wanted(8080, 3)).result()).isEqualTo(NO_RESOURCES);
        assertThat(bench.cgn.table()).isEmpty();
        bench.store.full = false;
        assertThat(bench.granted(wanted(8080, 3)).options()).containsExactly(set(3, 8080));
    }

    @Test
    @Proves("pcp:B-PSET-03")
    void aSetIsRenewedAndDeletedAsOne() {
        int first = bench.granted(wanted(8080, 3).lifetime(600)).assignedPort();
        bench.pass(Duration.ofSeconds(500));
        var renewed = bench.granted(wanted(8080, 3).lifetime(900).suggest(2000));
        assertThat(renewed.assignedPort()).isEqualTo(first);
        assertThat(renewed.options()).containsExactly(set(3, 8080));
        bench.pass(Duration.ofSeconds(899));
        assertLeadsTo(8080, first, 3);
        assertThat(bench.granted(wanted(8080, 3).lifetime(0)).lifetime()).isEqualTo(Lifetime.DELETE);
        assertThat(bench.cgn.table()).isEmpty();
        assertThat(bench.unasked).isEmpty();
    }

    @Test
    @Proves("pcp:B-PSET-03")
    void aSetEndsAsOne() {
        bench.granted(wanted(8080, 3).lifetime(600));
        bench.pass(Duration.ofSeconds(600));
        assertThat(bench.cgn.table()).isEmpty();
    }

    @Test
    @Proves("pcp:B-PSET-03")
    void aSetSurvivesARestart() {
        int first = bench.granted(wanted(8080, 3)).assignedPort();
        bench = bench.restart();
        assertLeadsTo(8080, first, 3);
        assertThat(bench.granted(wanted(8080, 3)).assignedPort()).isEqualTo(first);
        bench.granted(wanted(8080, 3).lifetime(0));
        assertThat(bench.cgn.table()).isEmpty();
    }

    /** Ports 100, and 101 to 103, are two mappings. */
    private void mapTwo() {
        bench.granted(map().port(100).suggest(2000).lifetime(600));
        bench.granted(wanted(101, 3).suggest(2004).lifetime(600));
    }

    private List<MapResponse> unasked() {
        return bench.unasked.stream()
                .map(Send.class::cast)
                .peek(send -> assertThat(send.client()).isEqualTo(Bench.CLIENT))
                .map(send -> (MapResponse) send.response())
                .toList();
    }

    @Test
    @Proves("pcp:B-PSET-03")
    void aRequestThatOverlapsSeveralMappingsRenewsEachAndIsAnsweredForEach() {
        mapTwo();
        var first = bench.granted(wanted(100, 10).suggest(2008).lifetime(1200));
        assertThat(List.of(first.internalPort(), first.assignedPort())).containsExactly(100, 2000);
        assertThat(first.options()).isEmpty();
        assertThat(unasked()).singleElement().satisfies(second -> {
            assertThat(List.of(second.internalPort(), second.assignedPort())).containsExactly(101, 2004);
            assertThat(second.options()).containsExactly(set(3, 101));
            assertThat(second.lifetime()).isEqualTo(new Lifetime(1200));
            assertThat(second.result()).isEqualTo(SUCCESS.value());
            assertThat(second.nonce()).isEqualTo(map().nonce());
        });
        assertThat(bench.mappings())
                .hasSize(2)
                .allSatisfy(view -> assertThat(view.left()).isEqualTo(new Lifetime(1200)));
        assertThat(bench.cgn.table()).as("nothing more is mapped").hasSize(4);
    }

    @Test
    @Proves("pcp:B-PSET-03")
    void aDeletionThatOverlapsSeveralMappingsDeletesEachAndIsAnsweredForEach() {
        mapTwo();
        bench.granted(wanted(100, 4).lifetime(0));
        assertThat(bench.cgn.table()).isEmpty();
        assertThat(unasked()).singleElement().satisfies(second -> {
            assertThat(second.lifetime()).isEqualTo(Lifetime.DELETE);
            assertThat(second.internalPort()).as("of the one that it is about").isEqualTo(101);
        });
    }

    @Test
    @Proves("pcp:B-PSET-03")
    void oneMemberStandsForItsSet() {
        mapTwo();
        var renewed = bench.granted(wanted(103, 5).lifetime(1200));
        assertThat(renewed.options()).containsExactly(set(3, 101));
        assertThat(List.of(renewed.internalPort(), renewed.assignedPort())).containsExactly(101, 2004);
        assertThat(bench.granted(map().port(102).lifetime(1800)).assignedPort()).isEqualTo(2005);
        assertThat(bench.mappings()).anySatisfy(view -> assertThat(view.left()).isEqualTo(new Lifetime(1800)));
        bench.granted(map().port(102).lifetime(0));
        assertThat(bench.mappings())
                .singleElement()
                .satisfies(view -> assertThat(view.internal().port()).isEqualTo(100));
        assertThat(bench.unasked).isEmpty();
    }

    /** A client knows no answer that is about another internal port than it asked for. RFC 6887 section 11.4. */
    @Test
    @Proves({"pcp:B-PSET-03", "pcp:S-MAP-01"})
    void aMemberThatIsAskedForByItselfIsAnsweredByItself() {
        mapTwo();
        var member = bench.granted(map().port(102).suggest(2005).with(PREFER_FAILURE));
        assertThat(List.of(member.internalPort(), member.assignedPort())).containsExactly(102, 2005);
        assertThat(member.options()).containsExactly(PREFER_FAILURE);
        assertThat(bench.refused(map().port(102).suggest(2004).with(PREFER_FAILURE))
                        .result())
                .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        var told = new NatPmpClient(bench).map(IpProtocol.TCP, 103, 0, 60);
        assertThat(List.of(told.internalPort(), told.externalPort())).containsExactly(103, 2006);
        bench.granted(map().port(200).with(new PortReservation()).suggest(2008));
        var second = bench.granted(map().port(201).with(new PortReservation()));
        assertThat(List.of(second.internalPort(), second.assignedPort())).containsExactly(201, 2009);
        assertThat(second.options()).isEmpty();
        var overlap = bench.granted(map().port(199).with(new PortReservation()));
        assertThat(List.of(overlap.internalPort(), overlap.assignedPort())).containsExactly(200, 2008);
    }

    @Test
    void anotherNonceCannotTouchAMemberOfASet() {
        mapTwo();
        for (var stranger :
                List.of(map().port(102), wanted(102, 2), wanted(102, 2).lifetime(0))) {
            assertThat(bench.refused(stranger.nonce(9)).result()).isEqualTo(NOT_AUTHORIZED);
        }
        assertThat(bench.cgn.table()).hasSize(4);
    }

    @Test
    void anotherNonceMakesNoneOfTheMappingsThatARequestOverlapsItsOwn() {
        bench.granted(map().port(100).nonce(9));
        bench.granted(wanted(101, 3).lifetime(600));
        assertThat(bench.refused(wanted(100, 4).lifetime(1200)).result()).isEqualTo(NOT_AUTHORIZED);
        assertThat(bench.mappings()).hasSize(2);
    }

    @Test
    @Proves("pcp:B-PSET-03")
    void anOverlapThatCannotBeStoredIsTakenBackAltogether() {
        mapTwo();
        bench.store.full = true;
        assertThat(bench.refused(wanted(100, 4).lifetime(1200)).result()).isEqualTo(NO_RESOURCES);
        assertThat(bench.refused(wanted(100, 4).lifetime(0)).result()).isEqualTo(NO_RESOURCES);
        assertThat(bench.unasked).isEmpty();
        assertThat(bench.mappings())
                .hasSize(2)
                .allSatisfy(view -> assertThat(view.left()).isEqualTo(new Lifetime(600)));
    }

    @ParameterizedTest
    @ValueSource(ints = {8080, 8081})
    @Proves("pcp:B-PSET-03")
    void theExternalPortsBeginAsEvenOrOddAsTheInternalOnesIfThatIsAsked(int internalPort) {
        var asked = map().port(internalPort);
        for (int i = 0; i < 20; i++) {
            int wrong = 2001 - internalPort % 2;
            var answer = bench.granted(asked.suggest(i % 2 == 0 ? 0 : wrong).with(new PortSet(3, internalPort, true)));
            assertThat(answer.assignedPort() % 2).isEqualTo(internalPort % 2);
            assertThat(answer.options()).containsExactly(new PortSet(3, internalPort, true));
            bench.granted(asked.lifetime(0));
            bench.pass(Duration.ofSeconds(7440));
        }
        bench.granted(asked.suggest(2001 - internalPort % 2).with(set(3, internalPort)));
        assertThat(bench.granted(asked.with(new PortSet(3, internalPort, true))).options())
                .as("it is not so now")
                .containsExactly(set(3, internalPort));
    }

    @ParameterizedTest
    @ValueSource(ints = {5004, 5005})
    @Proves("pcp:B-PRES-01")
    void aReservationIsAPairThatBeginsAsEvenOrOddAsTheInternalPort(int internalPort) {
        var asked = map().port(internalPort).with(new PortReservation());
        var answer = bench.granted(asked);
        assertThat(answer.options()).containsExactly(new PortReservation());
        assertThat(answer.assignedPort() % 2).isEqualTo(internalPort % 2);
        assertLeadsTo(internalPort, answer.assignedPort(), 2);
        assertThat(bench.granted(asked).assignedPort()).isEqualTo(answer.assignedPort());
        assertThat(bench.cgn.table()).hasSize(2);
        bench.granted(asked.lifetime(0));
        assertThat(bench.cgn.table()).isEmpty();
    }

    /** Of the pair 2001 and 2002 the first is odd, and so is what is left. */
    @ParameterizedTest
    @CsvSource({"5004, 1", "5005, 2"})
    @Proves("pcp:B-PRES-01")
    void aPairThatCannotKeepParityIsASinglePortWithoutReservation(int internalPort, int granted) {
        bench = bench(64, 1000, Bench.pool(2001, 2002));
        List<PcpOption> options = granted == 2 ? List.of(new PortReservation()) : List.of();
        assertThat(bench.granted(map().port(internalPort).with(new PortReservation()))
                        .options())
                .isEqualTo(options);
        assertThat(bench.cgn.table()).hasSize(granted);
    }

    @Test
    @Proves("pcp:B-PRES-01")
    void oneFreePortIsGrantedWhateverItsParityIs() {
        bench = bench(64, 1000, Bench.pool(2001, 2001));
        var answer = bench.granted(map().port(5004).with(new PortReservation()));
        assertThat(answer.assignedPort()).isEqualTo(2001);
        assertThat(answer.options()).isEmpty();
    }

    /** UDP ports 5350 and 5351 lie in the middle. */
    @Test
    @Proves("pcp:S-MAP-09")
    void noSetReachesOverPcpsOwnPorts() {
        bench = bench(64, 1000, Bench.pool(5348, 5353));
        for (int internalPort : List.of(1, 11)) {
            var answer = bench.granted(
                    map().protocol(17).port(internalPort).suggest(5349).with(set(6, internalPort)));
            assertThat(answer.options()).containsExactly(set(2, internalPort));
        }
        for (int port : List.of(5350, 5351)) {
            assertThat(bench.inbound(IpProtocol.UDP, REMOTE, port)).isEmpty();
        }
        assertThat(bench.granted(wanted(1, 6)).options()).as("TCP").containsExactly(set(6, 1));
    }
}
