package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.SUCCESS;
import static io.portreeve.server.RequestChecksTest.result;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.engine.ServerEvent.Clear;
import io.portreeve.server.engine.ServerEvent.ClearOf;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The operator clears while the CGN changes the filter of a set of ports, 2001 to 2003. */
final class ClearTest {
    private static final SubscriberId SUBSCRIBER = new SubscriberId(Bench.CLIENT.address());
    private static final PcpAddress NEIGHBOUR = PcpAddress.parse("100.64.0.3");
    private static final Filter FILTER = new Filter(128, 0, PcpAddress.parse("198.51.100.10"));
    private static final WantedMap SET = map().suggest(2001).with(new PortSet(3, 8080, false));

    private final Bench bench =
            new Bench(new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 3, true), Bench.pool(2000, 2009), 1000);

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    private static Stream<ServerEvent> clears() {
        return Stream.of(new Clear(), new ClearOf(SUBSCRIBER));
    }

    private long ask(WantedMap wanted) {
        long id = bench.nextRequestId();
        bench.happen(new Received(id, Client.of(Bench.CLIENT), wanted.build()));
        return id;
    }

    /** {@return the request that asks for it} */
    private long changeFilter() {
        bench.granted(SET);
        bench.cgnIsSlow = true;
        return ask(SET.with(new PortSet(3, 8080, false), FILTER));
    }

    @Test
    void whatIsBeingChangedIsListedOnce() {
        changeFilter();
        assertThat(bench.mappings())
                .extracting(MappingView::external)
                .containsExactly(new Endpoint(Bench.EXTERNAL, 2001));
        bench.letTheCgnAnswer();
        assertThat(bench.mappings()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("clears")
    void itGoesWhenTheCgnIsReady(ServerEvent clear) {
        long changing = changeFilter();
        bench.happen(clear);
        assertThat(bench.mappings()).isEmpty();
        assertThat(bench.store.load().mappings())
                .as("what a restart would bring back")
                .isEmpty();
        bench.letTheCgnAnswer();
        assertThat(result(bench.answers.get(changing))).isEqualTo(NO_RESOURCES);
        assertThat(bench.cgn.table()).isEmpty();
    }

    /** The subscriber may have three ports. */
    @ParameterizedTest
    @MethodSource("clears")
    void itsPortsAreHeldBackAndItsQuotaIsFree(ServerEvent clear) {
        changeFilter();
        bench.happen(clear);
        bench.letTheCgnAnswer();
        var neighbours = map().from(NEIGHBOUR).suggest(2002).with(PREFER_FAILURE);
        bench.refused(neighbours);
        assertThat(bench.granted(SET).assignedPort()).as("its own").isEqualTo(2001);
        bench.granted(SET.lifetime(0));
        bench.pass(Duration.ofSeconds(7440));
        assertThat(bench.granted(neighbours).assignedPort()).isEqualTo(2002);
    }

    @ParameterizedTest
    @MethodSource("clears")
    void whoComesMeanwhileMakesItAnew(ServerEvent clear) {
        changeFilter();
        bench.happen(clear);
        long again = ask(SET);
        bench.letTheCgnAnswer();
        assertThat(result(bench.answers.get(again))).isEqualTo(SUCCESS);
        assertThat(bench.mappings()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("clears")
    void aCgnThatRefusesTheFilterMakesNoDifference(ServerEvent clear) {
        bench.faults.refuse("createFilter", 1);
        changeFilter();
        bench.happen(clear);
        bench.letTheCgnAnswer();
        assertThat(bench.mappings()).isEmpty();
        assertThat(bench.cgn.table()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("clears")
    void aSubscriberThatIsDeletedMeanwhileHasItsPortsHeldBackStill(ServerEvent clear) {
        long changing = changeFilter();
        bench.happen(clear);
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        bench.letTheCgnAnswer();
        assertThat(result(bench.answers.get(changing))).isEqualTo(NO_RESOURCES);
        bench.refused(map().from(NEIGHBOUR).suggest(2002).with(PREFER_FAILURE));
        bench.pass(Duration.ofSeconds(7440));
        bench.granted(map().from(NEIGHBOUR).suggest(2002).with(PREFER_FAILURE));
        bench.granted(SET);
    }

    /** The renewal comes in the same batch. */
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aRenewalBeforeItIsNotGrantedWhetherTheDiskIsFullOrNot(boolean full) {
        bench.granted(SET);
        bench.cgnIsSlow = true;
        bench.store.full = full;
        long renewing = bench.nextRequestId();
        long changing = bench.nextRequestId();
        bench.queue(new Received(renewing, Client.of(Bench.CLIENT), SET.build()));
        bench.queue(new Received(
                changing,
                Client.of(Bench.CLIENT),
                SET.with(new PortSet(3, 8080, false), FILTER).build()));
        bench.queue(new Clear());
        bench.run();
        bench.letTheCgnAnswer();
        bench.store.full = false;
        bench.pass(Duration.ofSeconds(2));
        assertThat(List.of(result(bench.answers.get(renewing)), result(bench.answers.get(changing))))
                .containsOnly(NO_RESOURCES);
        assertThat(bench.mappings()).isEmpty();
    }

    /** The disk is full, so the client's deletion fails, and what has failed is undone. */
    @ParameterizedTest
    @MethodSource("clears")
    void whatAClientDeletesInTheSameMomentDoesNotComeBack(ServerEvent clear) {
        bench.granted(SET);
        long deleting = bench.nextRequestId();
        bench.store.full = true;
        bench.queue(
                new Received(deleting, Client.of(Bench.CLIENT), SET.lifetime(0).build()));
        bench.happen(clear);
        assertThat(result(bench.answers.get(deleting))).isEqualTo(NO_RESOURCES);
        assertThat(bench.mappings()).isEmpty();
        assertThat(bench.cgn.table()).isEmpty();
        bench.store.full = false;
        bench.pass(Duration.ofSeconds(2));
        assertThat(bench.granted(SET).assignedPort()).as("held for it").isEqualTo(2001);
    }

    /** The disk was full, so the CGN is to have the old filter back. */
    @ParameterizedTest
    @MethodSource("clears")
    void soGoesWhatIsBeingChangedBack(ServerEvent clear) {
        changeFilter();
        bench.hearFromCgn(3);
        bench.store.full = true;
        bench.run();
        bench.store.full = false;
        assertThat(bench.mappings()).hasSize(1);
        bench.happen(clear);
        assertThat(bench.mappings()).isEmpty();
        bench.letTheCgnAnswer();
        assertThat(bench.mappings()).isEmpty();
        assertThat(bench.cgn.table()).isEmpty();
    }
}
