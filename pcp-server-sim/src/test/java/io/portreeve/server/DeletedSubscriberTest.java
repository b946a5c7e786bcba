package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.SUCCESS;
import static io.portreeve.server.RequestChecksTest.result;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The administration deletes a subscriber while the CGN works for it; the CGN's answers are still on their way. */
@Proves("rel:F-12")
final class DeletedSubscriberTest {
    private static final SubscriberId SUBSCRIBER = new SubscriberId(Bench.CLIENT.address());

    /** What there is to hear until a mapping with a filter is there: who it is, the mapping, the filter. */
    private static final int ANSWERS = 3;

    private static final WantedMap FILTERED =
            map().suggest(2001).with(new Filter(128, 0, PcpAddress.parse("198.51.100.10")));

    private final Bench bench = new Bench(
            new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, false), Bench.pool(2000, 2009), 1000);

    @AfterEach
    void nothingIsLeftOver() {
        assertThat(bench.mappings()).isEmpty();
        assertThat(bench.cgn.table()).isEmpty();
        var stored = bench.store.load();
        assertThat(stored.mappings()).isEmpty();
        assertThat(stored.subscribers()).isEmpty();
        bench.assertNoOrphan();
    }

    private long ask(WantedMap wanted) {
        long id = bench.nextRequestId();
        bench.happen(new Received(id, Client.of(Bench.CLIENT), wanted.build()));
        return id;
    }

    private void hear(int answers) {
        for (int i = 0; i < answers; i++) {
            bench.hearFromCgn(1);
            bench.run();
        }
    }

    /** Before that it may have come back already, as one whom the CGN serves. */
    private static IntStream afterItWasKnown() {
        return IntStream.range(1, ANSWERS);
    }

    @ParameterizedTest
    @MethodSource("afterItWasKnown")
    void whatIsBeingMadeForItIsNotGranted(int heard) {
        bench.cgnIsSlow = true;
        long made = ask(FILTERED);
        hear(heard);
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        bench.letTheCgnAnswer();
        assertThat(result(bench.answers.get(made))).isIn(NOT_AUTHORIZED, NO_RESOURCES);
        bench.pass(Duration.ofHours(3));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void norIfItMayNotComeBack(int heard) {
        bench.cgnIsSlow = true;
        long made = ask(FILTERED);
        hear(heard);
        bench.cgn.block(SUBSCRIBER);
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        bench.letTheCgnAnswer();
        assertThat(result(bench.answers.get(made))).isIn(NOT_AUTHORIZED, NO_RESOURCES);
        assertThat(result(bench.ask(Bench.CLIENT, map().build()))).isEqualTo(NOT_AUTHORIZED);
    }

    @Test
    void itsPortIsFreeForTheNext() {
        bench.cgnIsSlow = true;
        ask(FILTERED);
        hear(2);
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
        bench.letTheCgnAnswer();
        assertThat(bench.granted(FILTERED).assignedPort()).isEqualTo(2001);
        assertThat(result(bench.ask(Bench.CLIENT, map().lifetime(0).build()))).isEqualTo(SUCCESS);
        bench.cgn.deleteSubscriber(SUBSCRIBER);
        bench.run();
    }
}
