package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.server.RequestChecksTest.result;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The CGN takes more than half a minute to change the filter of a mapping. */
final class SlowFilterTest {
    private static final WantedMap FILTERED =
            map().suggest(2001).with(new Filter(128, 0, PcpAddress.parse("198.51.100.10")));

    private final Bench bench = new Bench(
            new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true), Bench.pool(2000, 2009), 1000);
    private long changing;

    /** With which the filter on disk is the one in force. */
    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    @BeforeEach
    void change() {
        bench.granted(map().suggest(2001));
        bench.cgnIsSlow = true;
        changing = ask();
        bench.pass(Duration.ofSeconds(31));
    }

    private long ask() {
        long id = bench.nextRequestId();
        bench.happen(new Received(id, Client.of(Bench.CLIENT), FILTERED.build()));
        return id;
    }

    @Test
    void whoWaitsForItIsRefusedAndSoIsWhoeverComes() {
        assertThat(result(bench.answers.get(changing))).isEqualTo(NO_RESOURCES);
        assertThat(result(bench.answers.get(ask()))).isEqualTo(NO_RESOURCES);
        bench.letTheCgnAnswer();
    }

    @Test
    void theMappingLivesOnAsItWas() {
        assertThat(bench.mappings())
                .extracting(MappingView::external)
                .containsExactly(new Endpoint(Bench.EXTERNAL, 2001));
        bench.letTheCgnAnswer();
        assertThat(bench.cgn.table()).hasSize(1);
        assertThat(bench.granted(FILTERED).options()).isEqualTo(FILTERED.options());
    }

    @Test
    void aCgnThatThenRefusesMakesNoDifference() {
        bench.letTheCgnAnswer();
        bench.faults.refuse("createFilter", 0);
        bench.cgnIsSlow = true;
        ask();
        bench.pass(Duration.ofSeconds(31));
        bench.letTheCgnAnswer();
        assertThat(bench.mappings()).hasSize(1);
    }
}
