package io.portreeve.server;

import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Addition;
import io.portreeve.server.engine.Addition.Added;
import io.portreeve.server.engine.Addition.Busy;
import io.portreeve.server.engine.Addition.InTheWay;
import io.portreeve.server.engine.Addition.NotOfPool;
import io.portreeve.server.engine.Addition.NotSaved;
import io.portreeve.server.engine.Addition.Overtaken;
import io.portreeve.server.engine.Addition.RefusedByCgn;
import io.portreeve.server.engine.Addition.WasThere;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.ServerEvent.AddStatic;
import io.portreeve.server.engine.ServerEvent.CgnAlive;
import io.portreeve.server.engine.ServerEvent.LeaseEnded;
import io.portreeve.server.engine.ServerEvent.Renumber;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator hears of a mapping that he adds. */
final class AdditionTest {
    private static final SubscriberId SUBSCRIBER = new SubscriberId(Bench.CLIENT.address());
    private static final PcpAddress OTHER = PcpAddress.parse("203.0.114.2");

    private final Bench bench = new Bench(
            new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 9, true),
            List.of(
                    new PoolRange(Bench.EXTERNAL, IpProtocol.TCP, 2000, 6000),
                    new PoolRange(Bench.EXTERNAL, IpProtocol.UDP, 2000, 6000),
                    new PoolRange(OTHER, IpProtocol.TCP, 2000, 6000)),
            1000);

    private static Endpoint internal(int port) {
        return new Endpoint(SUBSCRIBER.address(), port);
    }

    private static Endpoint external(int port) {
        return new Endpoint(Bench.EXTERNAL, port);
    }

    private Addition add(int internalPort, int externalPort) {
        return bench.add(SUBSCRIBER, IpProtocol.TCP, internal(internalPort), external(externalPort));
    }

    /** {@return the id of the order, which is handled in the next batch} */
    private long order(int internalPort, int externalPort) {
        long id = bench.nextRequestId();
        bench.queue(new AddStatic(id, SUBSCRIBER, IpProtocol.TCP, internal(internalPort), external(externalPort)));
        return id;
    }

    @AfterEach
    void everythingAgrees() {
        bench.letTheCgnAnswer();
        bench.assertNoOrphan();
    }

    @Test
    void itIsAddedWhenTheCgnHasMadeIt() {
        bench.cgnIsSlow = true;
        long id = order(80, 2001);
        bench.run();
        bench.hearFromCgn(1);
        bench.run();
        assertThat(bench.additions).isEmpty();
        bench.hearFromCgn(1);
        bench.run();
        assertThat(bench.additions.get(id)).isEqualTo(new Added());
    }

    @Test
    void theVerySameIsThereAlready() {
        assertThat(add(80, 2001)).isEqualTo(new Added());
        assertThat(add(80, 2001)).isEqualTo(new WasThere());
        assertThat(bench.mappings()).hasSize(1);
    }

    /** The second finds the first's work under way, and then its mapping, which is not on disk yet. */
    @ParameterizedTest
    @CsvSource({"false, Added, WasThere", "true, NotSaved, NotSaved"})
    void whoAsksForTheSameWaitsForTheDiskToo(boolean isDiskFull, String first, String second) {
        bench.store.full = isDiskFull;
        long one = order(80, 2001);
        long other = order(80, 2001);
        bench.run();
        assertThat(bench.additions.get(one).getClass().getSimpleName()).isEqualTo(first);
        assertThat(bench.additions.get(other).getClass().getSimpleName()).isEqualTo(second);
        bench.store.full = false;
    }

    @Test
    void whatCannotBeStoredIsNotAdded() {
        bench.store.full = true;
        assertThat(add(80, 2001)).isEqualTo(new NotSaved());
        bench.store.full = false;
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    void aClientsMappingIsInTheWay() {
        bench.granted(map().port(80).suggest(2001));
        var its = new MappingView(IpProtocol.TCP, internal(80), external(2001), new Lifetime(3600), Bench.CLIENT);
        assertThat(add(80, 2002)).as("its internal port").isEqualTo(new InTheWay(its));
        assertThat(add(81, 2001)).as("its external port").isEqualTo(new InTheWay(its));
        assertThat(add(80, 2001)).as("both").isEqualTo(new InTheWay(its));
    }

    @Test
    void anOperatorsMappingIsInTheWayToo() {
        add(80, 2001);
        var nobody = new Endpoint(SUBSCRIBER.address(), 0);
        var its = new MappingView(IpProtocol.TCP, internal(80), external(2001), Lifetime.INFINITE, nobody);
        assertThat(add(80, 2002)).isEqualTo(new InTheWay(its));
        assertThat(add(81, 2001)).isEqualTo(new InTheWay(its));
    }

    @Test
    void thePoolHasNotEveryPort() {
        assertThat(add(80, 80)).isEqualTo(new NotOfPool());
        assertThat(bench.add(SUBSCRIBER, IpProtocol.UDP, internal(80), new Endpoint(OTHER, 2001)))
                .isEqualTo(new NotOfPool());
        assertThat(bench.add(SUBSCRIBER, IpProtocol.UDP, internal(80), external(5351)))
                .as("PCP's own")
                .isEqualTo(new NotOfPool());
        assertThat(add(80, 5351)).isEqualTo(new Added());
    }

    @Test
    void aPortThatIsJustBeingGivenAwayIsBusy() {
        bench.cgnIsSlow = true;
        long first = order(80, 2001);
        bench.run();
        assertThat(add(81, 2001)).isEqualTo(new Busy());
        bench.letTheCgnAnswer();
        assertThat(bench.additions.get(first)).isEqualTo(new Added());
    }

    @Test
    void notTooManyWaitForTheSamePort() {
        bench.cgnIsSlow = true;
        var ids = IntStream.range(0, 10).mapToObj(_ -> order(80, 2001)).toList();
        bench.run();
        assertThat(bench.additions.get(ids.getLast())).isEqualTo(new Busy());
        bench.letTheCgnAnswer();
        assertThat(bench.additions.get(ids.getFirst())).isEqualTo(new Added());
        assertThat(ids.subList(1, 9))
                .extracting(bench.additions::get)
                .containsExactlyElementsOf(Collections.nCopies(8, new WasThere()));
    }

    @ParameterizedTest
    @EnumSource(CgnError.class)
    void theCgnSaysWhyItRefuses(CgnError error) {
        bench.faults.refuse("createSubscriber", 0, error);
        bench.faults.refuse("getSubscriber", 0, error);
        assertThat(add(80, 2001)).isEqualTo(new RefusedByCgn(error));
        bench.faults.refuse("createPcpMapping", 0, error);
        assertThat(add(80, 2001)).isEqualTo(new RefusedByCgn(error));
        assertThat(add(80, 2001)).as("its port is free again").isEqualTo(new Added());
    }

    @Test
    void aSubscriberHasOneExternalAddress() {
        add(80, 2001);
        assertThat(bench.add(SUBSCRIBER, IpProtocol.TCP, internal(81), new Endpoint(OTHER, 2001)))
                .isEqualTo(new RefusedByCgn(CgnError.BAD_EXTERNAL_ADDRESS));
    }

    @Test
    void whatACgnHasThatIsNotThereIsNotCertain() {
        add(80, 2001);
        bench.happen(new CgnAlive(MonoTime.START));
        assertThat(add(80, 2001)).isEqualTo(new RefusedByCgn(CgnError.UNREACHABLE));
    }

    @Test
    void aCgnThatDoesNotAnswerIsGivenUp() {
        bench.granted(map().port(81));
        bench.cgnIsSlow = true;
        long making = order(80, 2001);
        bench.ask(
                Bench.CLIENT,
                map().port(81)
                        .with(new Filter(128, 0, PcpAddress.parse("198.51.100.11")))
                        .build());
        long waiting = order(81, 2003);
        bench.run();
        bench.pass(Duration.ofSeconds(30));
        assertThat(bench.additions.get(making)).isEqualTo(new Overtaken());
        assertThat(bench.additions.get(waiting)).isEqualTo(new Overtaken());
        assertThat(add(81, 2004)).as("of which nobody knows what it is").isEqualTo(new Overtaken());
    }

    /** After so many answers of the CGN: it does not know the subscriber, nor the mapping, or only waits for the disk. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void itGoesWithItsSubscriber(int answers) {
        add(79, 2000);
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        long id = afterAnswers(answers);
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        bench.letTheCgnAnswer();
        assertThat(bench.additions.get(id)).isEqualTo(answers == 0 ? new Added() : new Overtaken());
    }

    /** {@return the id of an order about which the CGN has answered so often} */
    private long afterAnswers(int answers) {
        bench.cgnIsSlow = true;
        long id = order(80, 2001);
        bench.run();
        bench.hearAnswers(answers);
        return id;
    }

    @Test
    void itMovesWithItsSubscriber() {
        long id = afterAnswers(2);
        bench.queue(new Renumber(bench.nextRequestId(), SUBSCRIBER, OTHER));
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        bench.letTheCgnAnswer();
        assertThat(bench.additions.get(id)).isEqualTo(new Overtaken());
        assertThat(bench.mappings()).extracting(MappingView::external).containsExactly(new Endpoint(OTHER, 2001));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void itStaysWhenALeaseEnds(int answers) {
        long id = afterAnswers(answers);
        bench.queue(new LeaseEnded(SUBSCRIBER.address()));
        bench.run();
        bench.letTheCgnAnswer();
        assertThat(bench.additions.get(id)).isEqualTo(new Added());
    }
}
