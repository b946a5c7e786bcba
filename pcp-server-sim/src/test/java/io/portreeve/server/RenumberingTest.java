package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEffect.Send;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.Renumber;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A subscriber gets another external address: its mappings move, and its client is told. */
final class RenumberingTest {
    private static final PcpAddress OTHER_ADDRESS = PcpAddress.parse("203.0.114.2");
    private static final Endpoint NEIGHBOUR = new Endpoint(PcpAddress.parse("100.64.0.3"), 49152);
    private static final SubscriberId SUBSCRIBER = new SubscriberId(Bench.CLIENT.address());
    private static final ServerPolicy POLICY = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true);

    private final Bench bench = new Bench(
            POLICY,
            Stream.concat(
                            Bench.pool(2000, 2009).stream(),
                            Bench.pool(2000, 2009).stream()
                                    .map(it -> new PoolRange(OTHER_ADDRESS, it.protocol(), 2000, 2009)))
                    .toList(),
            1000);

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    private void renumber() {
        bench.queue(new Renumber(bench.nextRequestId(), SUBSCRIBER, OTHER_ADDRESS));
        bench.run();
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
    }

    private MapResponse granted(WantedMap asked) {
        var source = new Endpoint(asked.client(), 49152);
        return (MapResponse) ((Reply) bench.ask(source, asked.build())).response();
    }

    private List<MapResponse> updates() {
        return bench.unasked.stream()
                .filter(Send.class::isInstance)
                .map(Send.class::cast)
                .peek(sent -> assertThat(sent.client()).isEqualTo(Client.of(Bench.CLIENT)))
                .map(sent -> (MapResponse) sent.response())
                .toList();
    }

    @Test
    @Proves({"pcp:S-RR-04", "pcp:S-EPO-02", "wire:V27"})
    void aMappingMovesWithItsPortAndItsClientIsToldThreeTimes() {
        bench.pass(Duration.ofSeconds(50));
        assertThat(granted(map().suggest(2001)).assignedAddress()).isEqualTo(Bench.EXTERNAL);
        bench.pass(Duration.ofSeconds(600));
        renumber();
        assertThat(updates()).singleElement().satisfies(update -> {
            assertThat(update.result()).isZero();
            assertThat(update.assignedAddress()).isEqualTo(OTHER_ADDRESS);
            assertThat(update.assignedPort()).isEqualTo(2001);
            assertThat(update.lifetime()).isEqualTo(new Lifetime(3000));
            assertThat(update.nonce()).isEqualTo(map().nonce());
            assertThat(update.epoch().seconds()).isZero();
        });
        bench.pass(Duration.ofMillis(249));
        assertThat(updates()).hasSize(1);
        bench.pass(Duration.ofMillis(1));
        assertThat(updates()).hasSize(2);
        bench.pass(Duration.ofMillis(499));
        assertThat(updates()).hasSize(2);
        bench.pass(Duration.ofMillis(1));
        assertThat(updates()).hasSize(3);
        bench.pass(Duration.ofHours(1).minusSeconds(601));
        assertThat(updates()).hasSize(3);
    }

    @Test
    @Proves("pcp:S-RR-04")
    void whoHasHeardAndAsksHearsNoMore() {
        granted(map().suggest(2001));
        renumber();
        assertThat(granted(map()).assignedAddress()).isEqualTo(OTHER_ADDRESS);
        bench.pass(Duration.ofSeconds(10));
        assertThat(updates()).hasSize(1);
    }

    @Test
    @Proves("pcp:S-RR-04")
    void filterAndThirdPartyComeAlong() {
        var filter = new Filter(120, 0, PcpAddress.parse("198.51.100.0"));
        var third = thirdParty("192.168.1.33");
        granted(map().with(third, filter));
        renumber();
        assertThat(updates().getFirst().options()).containsExactly(third, filter);
        assertThat(bench.mappings()).hasSize(1);
    }

    @Test
    @Proves("pcp:S-RR-04")
    void aTakenPortIsChangedOrTheMappingLostIfItsClientWantedThatPortOnly() {
        granted(map().suggest(2001));
        granted(map().port(9).suggest(2002).with(PREFER_FAILURE));
        assertThat(granted(map().from(NEIGHBOUR.address()).suggest(2001)).assignedAddress())
                .isEqualTo(OTHER_ADDRESS);
        granted(map().from(NEIGHBOUR.address()).port(9).suggest(2002));
        renumber();
        var moved = updates().stream()
                .filter(it -> it.internalPort() == 8080)
                .findFirst()
                .orElseThrow();
        assertThat(moved.result()).isZero();
        assertThat(moved.assignedPort()).isBetween(2000, 2009).isNotIn(2001, 2002);
        var lost = updates().stream()
                .filter(it -> it.internalPort() == 9)
                .findFirst()
                .orElseThrow();
        assertThat(lost.result()).isEqualTo(CANNOT_PROVIDE_EXTERNAL.value());
        assertThat(lost.nonce()).isEqualTo(map().nonce());
        assertThat(bench.mappings()).hasSize(3);
    }

    @Test
    void whatNatPmpMadeMovesAndIsNotToldInPcp() {
        new NatPmpClient(bench).map(IpProtocol.TCP, 1, 2001, 600);
        renumber();
        bench.pass(Duration.ofSeconds(10));
        assertThat(bench.mappings())
                .singleElement()
                .satisfies(it -> assertThat(it.external()).isEqualTo(new Endpoint(OTHER_ADDRESS, 2001)));
        assertThat(updates()).isEmpty();
    }

    @Test
    void onlyItsOwnEpochStartsAgain() {
        granted(map());
        bench.pass(Duration.ofSeconds(100));
        renumber();
        assertThat(granted(map()).epoch().seconds()).isZero();
        assertThat(granted(map().from(NEIGHBOUR.address())).epoch().seconds()).isEqualTo(100);
    }

    @Test
    void itsOldPortsAreFreeForOthers() {
        granted(map().suggest(2001));
        renumber();
        granted(map().from(NEIGHBOUR.address()).port(1));
        bench.cgn.createSubscriber(new SubscriberId(PcpAddress.parse("100.64.0.4")), Bench.EXTERNAL);
        var third = granted(map().from(PcpAddress.parse("100.64.0.4")).suggest(2001));
        assertThat(third.assignedPort()).isEqualTo(2001);
        assertThat(third.assignedAddress()).isEqualTo(Bench.EXTERNAL);
    }

    /** The port was once held back for the one who moved away, and taken up again. */
    @Test
    void aPortThatWasLeftIsHeldForNobody() {
        granted(map().suggest(2001));
        granted(map().lifetime(0));
        granted(map().suggest(2001));
        renumber();
        var heir = PcpAddress.parse("100.64.0.4");
        bench.cgn.createSubscriber(new SubscriberId(heir), Bench.EXTERNAL);
        var wanted = map().from(heir).suggest(2001).with(PREFER_FAILURE);
        bench.faults.refuse("createPcpMapping", 0);
        assertThat(bench.ask(new Endpoint(heir, 49152), wanted.build())).isInstanceOf(Refuse.class);
        assertThat(granted(wanted).assignedPort()).isEqualTo(2001);
    }

    @Test
    void whatCannotBeStoredIsGoneAndNotTold() {
        granted(map().suggest(2001));
        bench.store.full = true;
        renumber();
        assertThat(updates()).isEmpty();
        assertThat(bench.mappings()).isEmpty();
        bench.store.full = false;
        bench.pass(Duration.ofSeconds(2));
        assertThat(ResultCode.of(granted(map().suggest(2001)).result())).contains(ResultCode.SUCCESS);
    }

    @Test
    void whoIsNotThereIsNotExpectedToMoveLater() {
        renumber();
        granted(map());
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        assertThat(bench.mappings()).isEmpty();
        assertThat(bench.store.load().subscribers()).isEmpty();
    }

    @Test
    void whoHasNoMappingsMovesTooAndARestartDoesNotMoveItBack() {
        granted(map());
        granted(map().lifetime(0));
        renumber();
        assertThat(bench.store.load().subscribers()).doesNotContainValue(Bench.EXTERNAL);
        assertThat(granted(map()).assignedAddress()).isEqualTo(OTHER_ADDRESS);
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        assertThat(bench.store.load().subscribers()).isEmpty();
    }

    @Test
    @Proves("pcp:S-GEN-10")
    void whatIsRefusedBecauseOfTheMoveDoesNotMove() {
        granted(map().suggest(2001));
        bench.cgnIsSlow = true;
        long id = bench.nextRequestId();
        bench.happen(new Received(id, Client.of(Bench.CLIENT), map().port(9).build()));
        bench.cgnIsSlow = false;
        bench.hearFromCgn(1);
        bench.queue(new Renumber(bench.nextRequestId(), SUBSCRIBER, OTHER_ADDRESS));
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        assertThat(bench.answers.get(id)).isInstanceOf(Refuse.class);
        assertThat(bench.mappings())
                .singleElement()
                .satisfies(it -> assertThat(it.external()).isEqualTo(new Endpoint(OTHER_ADDRESS, 2001)));
    }

    /** The move comes between the CGN's answer and the commit. */
    @Test
    @Proves("pcp:S-LIFE-08")
    void aPortThatWasHeldIsHeldAgainIfTheMoveTakesItBack() {
        granted(map().suggest(2001));
        granted(map().lifetime(0));
        bench.cgnIsSlow = true;
        bench.happen(new Received(
                bench.nextRequestId(),
                Client.of(Bench.CLIENT),
                map().suggest(2001).build()));
        bench.cgnIsSlow = false;
        bench.hearFromCgn(1);
        bench.queue(new Renumber(bench.nextRequestId(), SUBSCRIBER, OTHER_ADDRESS));
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        var other = granted(map().from(PcpAddress.parse("100.64.0.9")).suggest(2001));
        assertThat(other.assignedAddress()).isEqualTo(Bench.EXTERNAL);
        assertThat(other.assignedPort()).isNotEqualTo(2001);
    }

    @Test
    @Proves("rel:I2")
    void noPortOfWhatCannotBeForgottenIsSaidToBeGone() {
        granted(map().port(8080).with(new PortSet(2, 8080, false)));
        bench.store.full = true;
        renumber();
        var refusal =
                (Refuse) bench.ask(Bench.CLIENT, map().port(8081).lifetime(0).build());
        assertThat(refusal.result()).isEqualTo(ResultCode.NO_RESOURCES);
        bench.store.full = false;
        bench.pass(Duration.ofSeconds(2));
        assertThat(ResultCode.of(granted(map().port(8081).lifetime(0)).result()))
                .contains(ResultCode.SUCCESS);
    }

    @Test
    @Proves("pcp:S-RR-04")
    void whatTheOperatorMadeMovesAndHasNobodyToTell() {
        bench.add(
                SUBSCRIBER,
                IpProtocol.TCP,
                new Endpoint(Bench.CLIENT.address(), 8080),
                new Endpoint(Bench.EXTERNAL, 2001));
        renumber();
        bench.pass(Duration.ofSeconds(10));
        assertThat(bench.mappings()).hasSize(1);
        assertThat(updates()).isEmpty();
    }

    @Test
    @Proves("pcp:B-NPMP-05")
    void whatNatPmpMakesInThePlaceOfWhatMovedIsNotToldInPcp() {
        granted(map().suggest(2001));
        renumber();
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        new NatPmpClient(bench).map(IpProtocol.TCP, 8080, 0, 600);
        bench.pass(Duration.ofSeconds(10));
        assertThat(bench.mappings()).hasSize(1);
        assertThat(updates()).hasSize(1);
    }

    private void beginToMove() {
        granted(map().suggest(2001));
        bench.cgnIsSlow = true;
        renumber();
    }

    private void hear() {
        bench.cgnIsSlow = false;
        bench.hearFromCgn(1);
        bench.run();
    }

    @Test
    @Proves("pcp:S-RR-04")
    void aMoveThatAnotherOneOvertakesEndsWhereThatOneGoes() {
        beginToMove();
        bench.happen(new Renumber(bench.nextRequestId(), SUBSCRIBER, Bench.EXTERNAL));
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        hear();
        assertThat(bench.mappings())
                .singleElement()
                .satisfies(it -> assertThat(it.external()).isEqualTo(new Endpoint(Bench.EXTERNAL, 2001)));
    }

    @Test
    @Proves("rel:F-12")
    void whoIsDeletedWhileItMovesIsGone() {
        beginToMove();
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        hear();
        assertThat(bench.mappings()).isEmpty();
        assertThat(bench.store.load().subscribers()).isEmpty();
        assertThat(ResultCode.of(granted(map()).result())).contains(ResultCode.SUCCESS);
    }

    @Test
    @Proves("pcp:S-EPO-01")
    void eachWordOfALossTellsTheEpochOfItsMoment() {
        granted(map());
        bench.cgnIsSlow = true;
        bench.faults.refuse("createSubscriber", 0);
        renumber();
        bench.pass(Duration.ofMillis(900));
        hear();
        bench.pass(Duration.ofMillis(750));
        assertThat(updates().stream().map(it -> it.epoch().seconds())).containsExactly(0L, 1L, 1L);
    }

    @Test
    void whoLostEverythingInTheMoveIsNotMovedBackByARestart() {
        granted(map());
        bench.faults.refuse("createPcpMapping", 0);
        renumber();
        assertThat(bench.mappings()).isEmpty();
        assertThat(bench.store.load().subscribers()).isEmpty();
    }

    /** Two rows with one port would cost one of them its mapping at a restart. */
    @Test
    @Proves({"rel:I1", "rel:I2"})
    void whatIsOnTheMoveHasNoPortOnDiskThatAnotherMayGet() {
        granted(map().suggest(2001).with(new PortSet(2, 8080, false)));
        bench.cgnIsSlow = true;
        renumber();
        assertThat(bench.store.load().mappings()).isEmpty();
        hear();
        bench.cgnIsSlow = false;
        bench.hearFromCgn(2);
        bench.run();
        assertThat(bench.mappings()).hasSize(1);
    }
}
