package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.USER_EX_QUOTA;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEvent.Scarce;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Ports that are scarcer than the settings say, for the time being. */
final class ScarcityTest {
    private static final ServerPolicy POLICY = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 3, true);
    private static final Scarce NOTHING = new Scarce(OptionalInt.empty(), false);
    private static final Scarce POOL_EXHAUSTED = new Scarce(OptionalInt.empty(), true);

    private final Bench bench = new Bench(POLICY, Bench.pool(2000, 2999), 1000);

    private static Scarce quota(int ports) {
        return new Scarce(OptionalInt.of(ports), false);
    }

    private void assertRefused(WantedMap wanted, ResultCode result) {
        var refusal = bench.refused(wanted);
        assertThat(refusal.result()).isEqualTo(result);
        assertThat(refusal.lifetime()).isEqualTo(new Lifetime(30));
    }

    @Test
    void aLowerQuotaTakesNothingAway() {
        var first = bench.granted(map().port(1));
        bench.granted(map().port(2));
        bench.happen(quota(1));
        bench.pass(Duration.ofMinutes(30));
        assertThat(bench.granted(map().port(1)).assignedPort()).as("a renewal").isEqualTo(first.assignedPort());
        assertRefused(map().port(3), USER_EX_QUOTA);
        bench.granted(map().port(2).lifetime(0));
        assertRefused(map().port(3), USER_EX_QUOTA);
        bench.granted(map().port(1).lifetime(0));
        bench.granted(map().port(3));
    }

    @Test
    void aQuotaMayBeHigherThanTheSetting() {
        bench.happen(quota(4));
        for (int port = 1; port <= 4; port++) {
            bench.granted(map().port(port));
        }
        assertRefused(map().port(5), USER_EX_QUOTA);
        bench.happen(NOTHING);
        bench.granted(map().port(1).lifetime(0));
        assertRefused(map().port(5), USER_EX_QUOTA);
        bench.granted(map().port(2).lifetime(0));
        bench.granted(map().port(5));
    }

    @Test
    void anExhaustedPoolGivesNothingNew() {
        bench.granted(map().port(1));
        int gone = bench.granted(map().port(2)).assignedPort();
        bench.happen(POOL_EXHAUSTED);
        bench.pass(Duration.ofMinutes(30));
        bench.granted(map().port(1));
        bench.granted(map().port(2).lifetime(0));
        assertRefused(map().port(2).suggest(gone), NO_RESOURCES);
        assertRefused(map().port(3), NO_RESOURCES);
        assertRefused(map().port(3).suggest(2500).with(PREFER_FAILURE), CANNOT_PROVIDE_EXTERNAL);
        assertThat(bench.mappings()).hasSize(1);
        bench.happen(NOTHING);
        assertThat(bench.granted(map().port(2)).assignedPort())
                .as("held for it all the time")
                .isEqualTo(gone);
        bench.assertNoOrphan();
    }

    @Test
    void anExhaustedPoolPromisesOnlyFlowsThatThereAre() {
        bench.cgn.unlockDynamic();
        assertThat(bench.ask(Bench.CLIENT, peer().build())).isInstanceOf(Reply.class);
        bench.happen(POOL_EXHAUSTED);
        assertThat(bench.ask(Bench.CLIENT, peer().build())).as("a renewal").isInstanceOf(Reply.class);
        var other = peer().port(40_001);
        assertThat(bench.ask(Bench.CLIENT, other.build()))
                .isInstanceOfSatisfying(
                        Refuse.class, refusal -> assertThat(refusal.result()).isEqualTo(NO_RESOURCES));
        bench.happen(NOTHING);
        assertThat(bench.ask(Bench.CLIENT, other.build())).isInstanceOf(Reply.class);
    }
}
