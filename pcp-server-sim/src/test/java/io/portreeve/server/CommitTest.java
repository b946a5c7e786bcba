package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.SUCCESS;
import static io.portreeve.server.RequestChecksTest.result;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEvent.Clear;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nothing is granted that is not on disk. */
@Proves("rel:I2")
final class CommitTest {
    private static final ServerPolicy POLICY = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 20, false);

    private final Bench bench = new Bench(POLICY, Bench.pool(2000, 2009), 1000);

    @Test
    void aBatchThatCannotBeWrittenIsUndoneAltogether() {
        List<MapRequest> batch =
                IntStream.range(0, 10).mapToObj(i -> map().port(i + 1).build()).toList();
        bench.store.full = true;
        assertThat(bench.askAtOnce(Bench.CLIENT, batch))
                .hasSize(10)
                .allSatisfy(answer -> assertThat(result(answer)).isEqualTo(NO_RESOURCES));
        assertThat(bench.mappings()).isEmpty();
        bench.assertNoOrphan();

        bench.store.full = false;
        assertThat(bench.askAtOnce(Bench.CLIENT, batch))
                .as("all ten ports and the quota are free again")
                .allSatisfy(answer -> assertThat(result(answer)).isEqualTo(SUCCESS));
        bench.assertNoOrphan();
    }

    @Test
    void aRenewalThatCannotBeWrittenLeavesTheOldLifetime() {
        bench.ask(Bench.CLIENT, map().lifetime(600).build());
        bench.pass(Duration.ofSeconds(100));
        bench.store.full = true;
        assertThat(result(bench.ask(Bench.CLIENT, map().lifetime(3600).build())))
                .isEqualTo(NO_RESOURCES);
        assertThat(bench.mappings().getFirst().left()).isEqualTo(new Lifetime(500));
        bench.store.full = false;
        bench.pass(Duration.ofSeconds(500));
        assertThat(bench.mappings()).isEmpty();
        bench.assertNoOrphan();
    }

    @Test
    void aDeletionThatCannotBeWrittenLeavesTheMapping() {
        bench.ask(Bench.CLIENT, map().suggest(2001).build());
        bench.store.full = true;
        assertThat(result(bench.ask(Bench.CLIENT, map().lifetime(0).build()))).isEqualTo(NO_RESOURCES);
        assertThat(bench.mappings()).hasSize(1);
        bench.assertNoOrphan();
        bench.store.full = false;
        assertThat(result(bench.ask(Bench.CLIENT, map().lifetime(0).build()))).isEqualTo(SUCCESS);
        assertThat(bench.mappings()).isEmpty();
        bench.assertNoOrphan();
    }

    /** Its subscriber was deleted while the disk was full, so its row is there still; then one of its ports is of a set. */
    @Test
    void whatCouldNotBeErasedDoesNotComeBackBesideWhatHasItsPorts() {
        bench.granted(map().port(81).suggest(2005));
        bench.store.full = true;
        bench.cgn.deleteSubscriber(new SubscriberId(Bench.CLIENT.address()));
        bench.run();
        bench.store.full = false;
        bench.granted(map().port(80).suggest(2000).with(new PortSet(3, 80, false)));
        var restarted = bench.restart();
        assertThat(restarted.mappings())
                .singleElement()
                .satisfies(set -> assertThat(set.internal().port()).isEqualTo(80));
        restarted.assertNoOrphan();
    }

    @Test
    void aMixedBatchIsUndoneInReverse() {
        bench.ask(Bench.CLIENT, map().lifetime(600).build());
        bench.store.full = true;
        var answers = bench.askAtOnce(
                Bench.CLIENT,
                List.of(
                        map().lifetime(1200).build(),
                        map().lifetime(2400).build(),
                        map().lifetime(0).build(),
                        map().lifetime(4800).build()));
        assertThat(answers).allSatisfy(answer -> assertThat(result(answer)).isEqualTo(NO_RESOURCES));
        assertThat(bench.mappings().getFirst().left()).isEqualTo(new Lifetime(600));
        bench.assertNoOrphan();
    }

    /** A crash would bring back what its owner believes deleted. */
    @Test
    void aDeletionIsNotConfirmedWhileTheRowOfADeletedSubscriberIsStillOnDisk() {
        bench.ask(Bench.CLIENT, map().build());
        bench.store.full = true;
        bench.cgn.deleteSubscriber(new SubscriberId(Bench.CLIENT.address()));
        assertThat(result(bench.ask(Bench.CLIENT, map().lifetime(0).build())))
                .as("in the same batch")
                .isEqualTo(NO_RESOURCES);
        assertThat(result(bench.ask(Bench.CLIENT, map().lifetime(0).build())))
                .as("while the erasure is owed")
                .isEqualTo(NO_RESOURCES);
        bench.store.full = false;
        bench.pass(Duration.ofSeconds(1));
        assertThat(result(bench.ask(Bench.CLIENT, map().lifetime(0).build()))).isEqualTo(SUCCESS);
        bench.assertNoOrphan();
    }

    @Test
    void whatExpiresWhileTheDiskIsFullIsErasedLater() {
        bench.ask(Bench.CLIENT, map().lifetime(600).build());
        bench.store.full = true;
        bench.pass(Duration.ofSeconds(700));
        assertThat(bench.mappings()).isEmpty();
        assertThat(bench.cgn.table()).isEmpty();
        assertThat(bench.store.load().mappings()).hasSize(1);
        bench.store.full = false;
        bench.pass(Duration.ofSeconds(1));
        bench.assertNoOrphan();
    }

    /** A request for ports of which only some had a mapping is about all of them. */
    @Test
    void noPortOfASetIsConfirmedAsDeletedWhileItsErasureIsOwed() {
        var set = new PortSet(2, 8080, false);
        bench.ask(Bench.CLIENT, map().port(8081).build());
        bench.store.full = true;
        bench.happen(new Clear());
        assertThat(result(bench.ask(Bench.CLIENT, map().lifetime(0).with(set).build())))
                .isEqualTo(NO_RESOURCES);
        bench.store.full = false;
        bench.pass(Duration.ofSeconds(1));
        assertThat(result(bench.ask(Bench.CLIENT, map().with(set).build()))).isEqualTo(SUCCESS);
        bench.store.full = true;
        bench.happen(new Clear());
        assertThat(result(bench.ask(Bench.CLIENT, map().port(8081).lifetime(0).build())))
                .as("one that was in the set")
                .isEqualTo(NO_RESOURCES);
        bench.store.full = false;
        bench.pass(Duration.ofSeconds(1));
        bench.assertNoOrphan();
    }

    @Test
    void whatHasComeBackMeanwhileIsNotErased() {
        bench.ask(Bench.CLIENT, map().lifetime(600).build());
        bench.store.full = true;
        bench.pass(Duration.ofSeconds(700));
        bench.store.full = false;
        assertThat(result(bench.ask(Bench.CLIENT, map().build()))).isEqualTo(SUCCESS);
        bench.pass(Duration.ofSeconds(10));
        assertThat(bench.mappings()).hasSize(1);
        bench.assertNoOrphan();
    }

    @Test
    void aSubscriberDeletedWhileTheDiskIsFullIsForgottenLater() {
        bench.ask(Bench.CLIENT, map().build());
        bench.store.full = true;
        bench.cgn.deleteSubscriber(new SubscriberId(Bench.CLIENT.address()));
        bench.run();
        assertThat(bench.mappings()).isEmpty();
        bench.store.full = false;
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.store.load().subscribers()).isEmpty();
        bench.assertNoOrphan();
    }

    @Test
    void aSubscriberDeletedInTheMomentOfTheGrantGetsNothing() {
        bench.ask(Bench.CLIENT, map().port(1).build());
        long id = bench.nextRequestId();
        bench.queue(new Received(
                id, Client.of(Bench.CLIENT), map().port(1).lifetime(7200).build()));
        bench.cgn.deleteSubscriber(new SubscriberId(Bench.CLIENT.address()));
        bench.run();
        assertThat(result(bench.answers.get(id))).isEqualTo(NO_RESOURCES);
        assertThat(bench.mappings()).isEmpty();
        bench.assertNoOrphan();
    }

    /** Found by seed 130 of {@link SeedsTest}. */
    @Test
    void aMappingBeingErasedWhenItsSubscriberIsDeletedIsErasedThoughTheSubscriberComesBack() {
        bench.ask(Bench.CLIENT, map().port(1).build());
        bench.store.full = true;
        bench.queue(new Received(
                bench.nextRequestId(),
                Client.of(Bench.CLIENT),
                map().port(1).lifetime(0).build()));
        bench.cgn.deleteSubscriber(new SubscriberId(Bench.CLIENT.address()));
        bench.run();
        bench.store.full = false;
        assertThat(result(bench.ask(Bench.CLIENT, map().port(2).build()))).isEqualTo(SUCCESS);
        bench.pass(Duration.ofSeconds(1));
        bench.assertNoOrphan();
    }
}
