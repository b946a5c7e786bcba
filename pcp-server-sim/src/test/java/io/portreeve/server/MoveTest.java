package io.portreeve.server;

import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Addition;
import io.portreeve.server.engine.Move;
import io.portreeve.server.engine.Move.Moved;
import io.portreeve.server.engine.Move.Nobody;
import io.portreeve.server.engine.Move.Overtaken;
import io.portreeve.server.engine.Move.RefusedByCgn;
import io.portreeve.server.engine.ServerEvent.Renumber;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator hears of a subscriber that he moves. */
final class MoveTest {
    private static final PcpAddress OTHER = PcpAddress.parse("203.0.114.2");
    private static final PcpAddress NEIGHBOUR = PcpAddress.parse("100.64.0.3");
    private static final SubscriberId SUBSCRIBER = new SubscriberId(Bench.CLIENT.address());

    private final Bench bench = new Bench(
            new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true),
            Stream.concat(
                            Bench.pool(2000, 2009).stream(),
                            Bench.pool(2000, 2009).stream().map(it -> new PoolRange(OTHER, it.protocol(), 2000, 2009)))
                    .toList(),
            1000);

    @AfterEach
    void everythingAgrees() {
        bench.letTheCgnAnswer();
        bench.assertNoOrphan();
    }

    /** {@return the id of the order, of which all has happened that the CGN lets happen} */
    private long order(PcpAddress external) {
        long id = bench.nextRequestId();
        bench.happen(new Renumber(id, SUBSCRIBER, external));
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        return id;
    }

    private Move move() {
        return bench.moves.get(order(OTHER));
    }

    @Test
    void whoIsNotThereDoesNotMove() {
        assertThat(move()).isEqualTo(new Nobody());
        assertThat(bench.add(SUBSCRIBER, IpProtocol.TCP, Bench.CLIENT, endpoint()))
                .as("and will not when he comes")
                .isEqualTo(new Addition.Added());
    }

    private static Endpoint endpoint() {
        return new Endpoint(Bench.EXTERNAL, 2001);
    }

    @Test
    void itHasMovedWhenItsMappingsHave() {
        bench.granted(map().port(1));
        bench.granted(map().port(2));
        bench.cgnIsSlow = true;
        long id = order(OTHER);
        for (int answers = 0; answers < 2; answers++) {
            bench.hearFromCgn(1);
            bench.run();
        }
        assertThat(bench.moves).as("one is not there yet").isEmpty();
        bench.hearFromCgn(1);
        bench.run();
        assertThat(bench.moves.get(id)).isEqualTo(new Moved(2, 0));
    }

    @Test
    void whoHasNoMappingsMovesToo() {
        bench.granted(map());
        bench.granted(map().lifetime(0));
        assertThat(move()).isEqualTo(new Moved(0, 0));
    }

    @Test
    void whatFindsNoPortIsLost() {
        bench.granted(map().suggest(2001));
        bench.granted(map().port(9).suggest(2002).with(PREFER_FAILURE));
        assertThat(bench.granted(map().from(NEIGHBOUR).port(9).suggest(2002)).assignedAddress())
                .isEqualTo(OTHER);
        assertThat(move()).isEqualTo(new Moved(1, 1));
    }

    @Test
    void whatCannotBeStoredIsLost() {
        bench.granted(map());
        bench.store.full = true;
        assertThat(move()).isEqualTo(new Moved(0, 1));
        bench.store.full = false;
        bench.pass(Duration.ofMinutes(1));
    }

    @Test
    void theCgnSaysWhyItRefuses() {
        bench.granted(map().port(1));
        bench.granted(map().port(2));
        bench.faults.refuse("createSubscriber", 0, CgnError.NOT_AUTHORIZED);
        assertThat(move()).isEqualTo(new RefusedByCgn(CgnError.NOT_AUTHORIZED, 2));
    }

    @Test
    void aCgnThatDoesNotAnswerIsGivenUp() {
        bench.granted(map());
        bench.cgnIsSlow = true;
        long id = order(OTHER);
        bench.pass(Duration.ofSeconds(30));
        assertThat(bench.moves.get(id)).isEqualTo(new Overtaken());
    }

    /** After so many answers of the CGN: it knows neither the address nor the mapping, or only waits for the disk. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void whoIsDeletedMovesNoMore(int answers) {
        long id = underWay(answers);
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        bench.letTheCgnAnswer();
        assertThat(bench.moves.get(id)).isEqualTo(new Overtaken());
    }

    /** {@return the id of an order about which the CGN has answered so often} */
    private long underWay(int answers) {
        bench.granted(map());
        bench.cgnIsSlow = true;
        long id = order(OTHER);
        bench.hearAnswers(answers);
        return id;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void theLastOrderHolds(int answers) {
        long first = underWay(answers);
        long second = bench.nextRequestId();
        bench.queue(new Renumber(second, SUBSCRIBER, Bench.EXTERNAL));
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        bench.letTheCgnAnswer();
        assertThat(bench.moves.get(first)).isEqualTo(new Overtaken());
        assertThat(bench.moves.get(second)).isInstanceOf(Moved.class);
    }

    @Test
    void theLastOrderIsOvertakenToo() {
        long first = underWay(0);
        long second = order(Bench.EXTERNAL);
        bench.hearFromCgn(1); // an address that it has no longer
        bench.run();
        bench.hearFromCgn(1);
        bench.run();
        assertThat(bench.moves).as("its mapping is not there yet").containsOnlyKeys(first);
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        assertThat(bench.moves.get(second)).isEqualTo(new Overtaken());
    }

    /** The CGN gives the address of the first order before it has heard of the second. */
    @Test
    void anOrderThatComesToNothingIsOvertaken() {
        long first = underWay(0);
        long second = bench.nextRequestId();
        bench.happen(new Renumber(second, SUBSCRIBER, Bench.EXTERNAL));
        bench.letTheCgnAnswer();
        assertThat(bench.moves.get(first)).isEqualTo(new Moved(1, 0));
        assertThat(bench.moves.get(second)).isEqualTo(new Overtaken());
    }

    /** As when a second operator says it before the CGN has heard of the first. */
    @Test
    void ofTwoOrdersAtOnceTheLastHolds() {
        bench.granted(map());
        long first = bench.nextRequestId();
        bench.queue(new Renumber(first, SUBSCRIBER, Bench.EXTERNAL));
        long second = order(OTHER);
        assertThat(bench.moves.get(first)).isEqualTo(new Overtaken());
        assertThat(bench.moves.get(second)).isEqualTo(new Moved(1, 0));
    }
}
