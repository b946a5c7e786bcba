package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.NETWORK_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.requirements.Proves;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEvent.CgnAlive;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A CGN that is another program, and is not there for a while. */
final class CgnAbsenceTest {
    private static final ServerPolicy POLICY = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true);

    private final Bench bench = new Bench(POLICY, Bench.pool(2000, 2009), 1000);

    private void aliveFor(Duration time) {
        bench.happen(new CgnAlive(bench.now().plus(time)));
    }

    private void goes() {
        bench.happen(new CgnAlive(MonoTime.START));
    }

    private Lifetime refusal(WantedMap wanted) {
        var refusal = bench.refused(wanted);
        assertThat(refusal.result()).isEqualTo(NETWORK_FAILURE);
        return refusal.lifetime();
    }

    @Test
    @Proves("rel:F-10")
    void whileItIsNotThereNothingIsGrantedOrRenewed() {
        bench.granted(map());
        goes();
        assertThat(refusal(map())).isEqualTo(new Lifetime(30));
        assertThat(refusal(map().port(8081))).isEqualTo(new Lifetime(30));
        assertThat(bench.ask(Bench.CLIENT, peer().build()))
                .isInstanceOfSatisfying(
                        Refuse.class, refuse -> assertThat(refuse.result()).isEqualTo(NETWORK_FAILURE));
        assertThat(bench.mappings()).as("it stays in the table").hasSize(1);
    }

    @Test
    void whatIsNotWantedAnyMoreIsDeletedAllTheSame() {
        bench.granted(map());
        goes();
        assertThat(bench.granted(map().lifetime(0)).lifetime()).isEqualTo(Lifetime.DELETE);
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    void theServerItselfIsThere() {
        goes();
        assertThat(bench.ask(Bench.CLIENT, new AnnounceRequest(Bench.CLIENT.address())))
                .isInstanceOf(Reply.class);
    }

    /** A server that was stopped and goes on must not believe what was true before. */
    @Test
    void itIsTakenForDeadWhenItWasNotHeardInTime() {
        aliveFor(Duration.ofSeconds(3));
        bench.granted(map());
        bench.pass(Duration.ofMillis(2999));
        bench.granted(map());
        bench.pass(Duration.ofMillis(1));
        assertThat(refusal(map())).isEqualTo(new Lifetime(30));
        aliveFor(Duration.ofSeconds(3));
        bench.granted(map());
    }
}
