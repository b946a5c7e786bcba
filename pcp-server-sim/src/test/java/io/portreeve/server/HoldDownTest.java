package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Reuse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** External ports 2000 to 2009; port 2001 has been somebody's. */
@Proves("pcp:S-LIFE-08")
final class HoldDownTest {
    private static final PcpAddress OTHER = PcpAddress.parse("100.64.0.3");
    private static final int TCP = 6;
    private static final int UDP = 17;

    private Bench bench = bench(64, 1000);

    private static Bench bench(int quota, int capacity) {
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), quota, true);
        return new Bench(policy, Bench.pool(2000, 2009), capacity);
    }

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    /** Internal port 8080 of the client had external port 2001 until now. */
    private void free(WantedMap had) {
        assertThat(bench.granted(had.suggest(2001)).assignedPort()).isEqualTo(2001);
        bench.granted(had.lifetime(0));
    }

    private static WantedMap others() {
        return map().from(OTHER).suggest(2001);
    }

    private int port(WantedMap asked) {
        return bench.granted(asked).assignedPort();
    }

    @ParameterizedTest
    @CsvSource({"6, 7440", "17, 120"})
    void anotherSubscriberGetsItOnlyWhenItsTimeIsOver(int protocol, int seconds) {
        free(map().protocol(protocol));
        bench.pass(Duration.ofSeconds(seconds).minusMillis(1));
        var others = others().protocol(protocol);
        assertThat(bench.refused(others.with(PREFER_FAILURE)).result()).isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        for (int internal = 1; internal <= 9; internal++) {
            assertThat(port(others.port(internal))).isNotEqualTo(2001);
        }
        assertThat(bench.refused(others).result()).isEqualTo(NO_RESOURCES);
        bench.pass(Duration.ofMillis(1));
        assertThat(port(others)).isEqualTo(2001);
    }

    @Test
    @Proves("pcp:S-GEN-10")
    void whoIsDeletedWhileAFilterIsChangedLeavesHisPortHeld() {
        bench.granted(map().suggest(2001));
        bench.cgnIsSlow = true;
        bench.ask(
                Bench.CLIENT,
                map().with(new Filter(128, 0, PcpAddress.parse("198.51.100.10")))
                        .build());
        bench.cgn.deleteSubscriber(new SubscriberId(Bench.CLIENT.address()));
        bench.run();
        bench.letTheCgnAnswer();
        assertThat(bench.mappings()).isEmpty();
        assertThat(bench.refused(others().with(PREFER_FAILURE)).result()).isEqualTo(CANNOT_PROVIDE_EXTERNAL);
    }

    @ParameterizedTest
    @CsvSource({"6, 7440", "17, 120"})
    void theTimeGoesOnAcrossARestart(int protocol, int seconds) {
        free(map().protocol(protocol));
        bench.pass(Duration.ofSeconds(seconds).minusMillis(2));
        bench = bench.restart();
        var others = others().protocol(protocol);
        bench.pass(Duration.ofMillis(1));
        assertThat(bench.refused(others.with(PREFER_FAILURE)).result()).isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        bench.pass(Duration.ofMillis(1));
        assertThat(port(others.with(PREFER_FAILURE))).isEqualTo(2001);
    }

    @Test
    void whatIsOverWhileTheServerIsDownIsFree() {
        free(map());
        bench.pass(Duration.ofSeconds(7440));
        bench = bench.restart();
        assertThat(port(others().with(PREFER_FAILURE))).isEqualTo(2001);
        assertThat(bench.store.load().held()).isEmpty();
    }

    @Test
    @Proves("pcp:N-14")
    void theEndOfTheLifetimeBeginsIt() {
        bench.granted(map().protocol(UDP).suggest(2001).lifetime(600));
        bench.pass(Duration.ofSeconds(719));
        var others = others().protocol(UDP).with(PREFER_FAILURE);
        assertThat(bench.refused(others).result()).isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        bench.pass(Duration.ofSeconds(1));
        assertThat(port(others)).isEqualTo(2001);
    }

    @Test
    void theEndOfTheLifetimeBeginsItAlsoWhileNoServerRuns() {
        bench.granted(map().protocol(UDP).suggest(2001).lifetime(600));
        bench = bench.restartAfter(Duration.ofSeconds(700));
        var others = others().protocol(UDP).with(PREFER_FAILURE);
        assertThat(bench.refused(others).result()).isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        assertThat(port(map().protocol(UDP))).as("it comes back").isEqualTo(2001);
        bench.granted(map().protocol(UDP).lifetime(0));
        bench = bench.restartAfter(Duration.ofSeconds(120));
        assertThat(port(others)).isEqualTo(2001);
    }

    @Test
    void theLossInARestartBeginsItToo() {
        bench.granted(map().suggest(2001));
        bench = bench.restarted(Bench.pool(2000, 2009), 0).restarted(Bench.pool(2000, 2009), 1000);
        assertThat(bench.refused(others().with(PREFER_FAILURE)).result()).isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        assertThat(port(map())).as("it comes back").isEqualTo(2001);
    }

    @Test
    void theOldestIsFreeIfTooManyWereHeldWhenTheServerDied() {
        bench = bench(2, 1000);
        free(map());
        bench.pass(Duration.ofSeconds(1));
        bench.granted(map().port(2).suggest(2002));
        bench.granted(map().port(2).lifetime(0));
        bench.pass(Duration.ofSeconds(1));
        bench.granted(map().port(3).suggest(2003));
        bench.cgnIsSlow = true;
        bench.happen(new Received(
                bench.nextRequestId(),
                Client.of(Bench.CLIENT),
                map().port(3).lifetime(0).build()));
        bench = bench.restart();
        assertThat(port(others().with(PREFER_FAILURE))).isEqualTo(2001);
    }

    @Test
    void theEndOfTheSubscriberBeginsItToo() {
        bench.granted(map().suggest(2001));
        bench.cgn.deleteSubscriber(new SubscriberId(Bench.CLIENT.address()));
        bench.run();
        assertThat(port(others())).isNotEqualTo(2001);
        assertThat(port(map())).as("it comes back").isEqualTo(2001);
    }

    @Test
    void theSameTupleGetsItBackWithoutAskingForIt() {
        free(map());
        assertThat(port(map().nonce(9))).isEqualTo(2001);
        bench.granted(map().nonce(9).lifetime(0));
        bench = bench.restart();
        assertThat(port(map())).isEqualTo(2001);
        assertThat(bench.store.load().held()).isEmpty();
    }

    @Test
    void itsSubscriberGetsItForAnyTupleThatSuggestsIt() {
        free(map());
        assertThat(port(map().port(1))).isNotEqualTo(2001);
        assertThat(port(map().port(2).suggest(2001).with(PREFER_FAILURE))).isEqualTo(2001);
    }

    @Test
    void thePortOfTheOtherProtocolIsNotHeld() {
        free(map().protocol(TCP));
        assertThat(port(others().protocol(UDP).with(PREFER_FAILURE))).isEqualTo(2001);
    }

    @Test
    void aPortThatIsUsedAgainIsHeldFromItsNewEnd() {
        free(map());
        bench.pass(Duration.ofSeconds(7000));
        bench.granted(map().lifetime(600));
        bench.pass(Duration.ofSeconds(600 + 7439));
        assertThat(port(others())).isNotEqualTo(2001);
        bench.pass(Duration.ofSeconds(1));
        assertThat(port(others().port(1))).isEqualTo(2001);
    }

    @Test
    void whoseOwnHeldPortsAreAllThatIsLeftGetsTheOldestOfThem() {
        for (int port = 2000; port <= 2009; port++) {
            bench.granted(map().port(port).suggest(port));
        }
        for (int port : List.of(2005, 2003, 2004)) {
            bench.granted(map().port(port).lifetime(0));
        }
        assertThat(bench.refused(others()).result()).isEqualTo(NO_RESOURCES);
        assertThat(port(map().port(1))).isEqualTo(2005);
        assertThat(port(map().port(2))).isEqualTo(2003);
        assertThat(port(map().port(3))).isEqualTo(2004);
        assertThat(bench.refused(map().port(4)).result()).isEqualTo(NO_RESOURCES);
    }

    @Test
    void nobodyHoldsBackMorePortsThanItMayHaveAndTheOldestIsFreeFirst() {
        bench = bench(2, 1000);
        for (int port = 2001; port <= 2003; port++) {
            bench.granted(map().port(port).suggest(port));
            bench.granted(map().port(port).lifetime(0));
        }
        for (int port : List.of(2003, 2002)) {
            assertThat(bench.refused(others().suggest(port).with(PREFER_FAILURE))
                            .result())
                    .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        }
        assertThat(port(others().with(PREFER_FAILURE))).isEqualTo(2001);
        assertThat(bench.store.load().held())
                .extracting(held -> held.external().port())
                .containsExactlyInAnyOrder(2002, 2003);
    }

    @Test
    void aDeletionThatCannotBeStoredHoldsNothing() {
        bench.granted(map().suggest(2001));
        bench.store.full = true;
        assertThat(bench.refused(map().lifetime(0)).result()).isEqualTo(NO_RESOURCES);
        bench.store.full = false;
        assertThat(port(map())).isEqualTo(2001);
        bench.granted(map().lifetime(0));
        bench.pass(Duration.ofSeconds(7440));
        assertThat(port(others().with(PREFER_FAILURE))).as("held once").isEqualTo(2001);
    }

    @Test
    void theAnswerToADeletionComesWhenTheCgnHasTheMappingNoLonger() {
        bench.granted(map().suggest(2001));
        bench.cgnIsSlow = true;
        assertThat(bench.ask(Bench.CLIENT, map().lifetime(0).build())).isNull();
        long again = bench.nextRequestId();
        bench.happen(new Received(
                again, Client.of(Bench.CLIENT), map().port(1).suggest(2001).build()));
        bench.letTheCgnAnswer();
        assertThat(bench.mappings())
                .singleElement()
                .satisfies(view -> assertThat(view.external().port())
                        .as("not both at once")
                        .isNotEqualTo(2001));
    }

    @Test
    @Proves("pcp:S-GEN-10")
    void aMappingThatTheCgnRefusesLeavesItsPortHeld() {
        free(map());
        bench.faults.refuse("createPcpMapping", 0);
        assertThat(bench.refused(map()).result()).isEqualTo(NO_RESOURCES);
        assertThat(port(others())).isNotEqualTo(2001);
        assertThat(port(map())).isEqualTo(2001);
    }

    @Test
    void whatWasTakenForNothingIsNotThePortItHadLast() {
        free(map());
        bench.pass(Duration.ofSeconds(1));
        bench.granted(map().suggest(2002));
        bench.granted(map().lifetime(0));
        bench.faults.refuse("createPcpMapping", 0);
        bench.refused(map().suggest(2001));
        assertThat(port(map())).isEqualTo(2002);
    }

    @Test
    @Proves("pcp:S-GEN-10")
    void aMappingThatCannotBeStoredLeavesItsPortHeld() {
        free(map());
        bench.store.full = true;
        assertThat(bench.refused(map()).result()).isEqualTo(NO_RESOURCES);
        bench.store.full = false;
        assertThat(port(others())).isNotEqualTo(2001);
        bench.pass(Duration.ofSeconds(7440));
        assertThat(port(others().port(1).with(PREFER_FAILURE))).isEqualTo(2001);
    }

    @Test
    void aPortThatIsHeldForNobodyAnyMoreIsFreeWhenItsNextMappingFails() {
        bench = bench(1, 1000);
        free(map());
        free(map());
        bench.granted(map().suggest(2002).port(2));
        bench.granted(map().port(2).lifetime(0));
        bench.faults.refuse("createPcpMapping", 0);
        assertThat(bench.refused(others()).result()).isEqualTo(NO_RESOURCES);
        var third = map().from(PcpAddress.parse("100.64.0.4")).suggest(2001).with(PREFER_FAILURE);
        assertThat(port(third)).isEqualTo(2001);
    }

    @Test
    @Proves("pcp:S-GEN-10")
    void aMappingMadeAndDeletedInOneBatchThatCannotBeStoredLeavesItsPortHeld() {
        free(map());
        bench.store.full = true;
        bench.askAtOnce(Bench.CLIENT, List.of(map().build(), map().lifetime(0).build()));
        bench.store.full = false;
        assertThat(bench.refused(others().with(PREFER_FAILURE)).result()).isEqualTo(CANNOT_PROVIDE_EXTERNAL);
    }

    @Test
    void thePortsOfASetAreHeldAsWell() {
        var set = map().port(8000).suggest(2001).with(new PortSet(4, 8000, false));
        bench.granted(set);
        bench.granted(set.lifetime(0));
        for (int port = 2001; port <= 2004; port++) {
            assertThat(bench.refused(others().suggest(port).with(PREFER_FAILURE))
                            .result())
                    .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        }
        bench = bench.restart();
        assertThat(port(map().port(8002))).as("one of them, alone").isEqualTo(2003);
        bench.pass(Duration.ofSeconds(7440));
        assertThat(port(others().with(PREFER_FAILURE))).isEqualTo(2001);
    }

    @Test
    void aSetGetsItsPortsBack() {
        var set = map().port(8000).with(new PortSet(4, 8000, false));
        bench.granted(set.suggest(2001));
        for (int i = 0; i < 5; i++) {
            bench.granted(set.lifetime(0));
            var again = bench.granted(set);
            assertThat(again.assignedPort()).isEqualTo(2001);
            assertThat(again.options()).containsExactly(new PortSet(4, 8000, false));
        }
    }

    @Test
    void heldPortsThatASetDoesNotGetAreHeldOn() {
        free(map());
        assertThat(port(map().port(8000).suggest(2004).with(new PortSet(4, 8000, false))))
                .isEqualTo(2004);
        assertThat(bench.refused(others().with(PREFER_FAILURE)).result()).isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        assertThat(port(map())).isEqualTo(2001);
    }

    @Test
    void aSetIsMadeOfItsSubscribersHeldPortsBeforeItFails() {
        var set = map().port(8000).with(new PortSet(10, 8000, false));
        bench.granted(set);
        bench.granted(set.lifetime(0));
        assertThat(bench.granted(set.port(9000).with(new PortSet(10, 9000, false)))
                        .assignedPort())
                .isBetween(2000, 2009);
    }

    @Test
    void theTimesCanBeSet() {
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true)
                .with(new Reuse(Duration.ofSeconds(30), Duration.ofSeconds(20)));
        bench = new Bench(policy, Bench.pool(2000, 2009), 1000);
        free(map().protocol(TCP));
        free(map().protocol(UDP));
        bench.pass(Duration.ofSeconds(20));
        assertThat(port(others().protocol(UDP).with(PREFER_FAILURE))).isEqualTo(2001);
        assertThat(port(others().protocol(TCP))).isNotEqualTo(2001);
        bench.pass(Duration.ofSeconds(10));
        assertThat(port(others().port(1).with(PREFER_FAILURE))).isEqualTo(2001);
    }
}
