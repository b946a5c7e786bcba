package io.portreeve.server;

import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Rates;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One client that asks too much does not take the server from the others. */
final class RateLimitTest {
    private static final Endpoint NEIGHBOUR = new Endpoint(PcpAddress.parse("100.64.0.3"), 49152);

    private static Bench bench(Rates rates) {
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true).with(rates);
        return new Bench(policy, Bench.pool(2000, 2009), 1000);
    }

    private static Object asks(Bench bench, Endpoint client) {
        return bench.ask(client, new AnnounceRequest(client.address()));
    }

    @Test
    @Proves("pcp:S-GEN-03")
    void aSecondsWorthAtOnceThenOneByOne() {
        var bench = bench(new Rates(5, 0));
        for (int i = 0; i < 5; i++) {
            assertThat(asks(bench, Bench.CLIENT)).isInstanceOf(Reply.class);
        }
        assertThat(asks(bench, Bench.CLIENT)).isInstanceOf(Ignore.class);
        assertThat(asks(bench, NEIGHBOUR)).as("another client").isInstanceOf(Reply.class);
        bench.pass(Duration.ofMillis(199));
        assertThat(asks(bench, Bench.CLIENT)).isInstanceOf(Ignore.class);
        bench.pass(Duration.ofMillis(1));
        assertThat(asks(bench, Bench.CLIENT)).isInstanceOf(Reply.class);
        assertThat(asks(bench, Bench.CLIENT)).isInstanceOf(Ignore.class);
        bench.pass(Duration.ofHours(1));
        for (int i = 0; i < 5; i++) {
            assertThat(asks(bench, Bench.CLIENT)).isInstanceOf(Reply.class);
        }
        assertThat(asks(bench, Bench.CLIENT)).isInstanceOf(Ignore.class);
    }

    @Test
    @Proves({"pcp:S-GEN-03", "pcp:S-GEN-10"})
    void whatMeetsSilenceIsNotDone() {
        var bench = bench(new Rates(1, 0));
        asks(bench, Bench.CLIENT);
        assertThat(bench.ask(Bench.CLIENT, map().build())).isInstanceOf(Ignore.class);
        assertThat(bench.mappings()).isEmpty();
        bench.assertNoOrphan();
    }

    @Test
    @Proves("pcp:S-PF-03")
    void aScanOfThePoolMeetsSilence() {
        var bench = bench(new Rates(0, 10));
        var taken = map().suggest(80).with(PREFER_FAILURE).build();
        for (int i = 0; i < 10; i++) {
            assertThat(bench.ask(Bench.CLIENT, taken)).isInstanceOf(Refuse.class);
        }
        assertThat(bench.ask(Bench.CLIENT, taken)).isInstanceOf(Ignore.class);
        assertThat(bench.ask(
                        Bench.CLIENT, map().suggest(2001).with(PREFER_FAILURE).build()))
                .as("what can be had is granted")
                .isInstanceOf(Reply.class);
        bench.pass(Duration.ofMillis(100));
        assertThat(bench.ask(Bench.CLIENT, taken)).isInstanceOf(Refuse.class);
        bench.assertNoOrphan();
    }
}
