package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.requirements.Proves;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEvent.Received;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a flow is promised, and when nothing is. */
final class PeerPromiseTest extends PeerBench {
    @Test
    @Proves("pcp:S-PEER-05")
    void nothingShortensAFlow() {
        var external = external(granted(peer()));
        pass(600);
        for (long lifetime : new long[] {0, 1, 1200}) {
            var again = granted(peer().lifetime(lifetime));
            assertThat(again.lifetime()).isEqualTo(new Lifetime(3000));
            assertThat(external(again)).isEqualTo(external);
        }
        pass(2999);
        assertThat(reaches(peer(), external)).contains(INSIDE);
        assertThat(refused(peer().nonce(9)).lifetime()).isEqualTo(new Lifetime(1));
    }

    @Test
    @Proves("pcp:S-PEER-05")
    void aFlowIsLengthenedAsFarAsTheServerAllows() {
        var external = external(granted(peer()));
        assertThat(granted(peer().lifetime(7200)).lifetime()).isEqualTo(new Lifetime(7200));
        assertThat(granted(peer().lifetime(4_294_967_295L)).lifetime()).isEqualTo(new Lifetime(86_400));
        pass(86_399);
        assertThat(reaches(peer(), external)).contains(INSIDE);
    }

    @Test
    @Proves("pcp:S-PEER-06")
    void whatRanOutIsAFlowLikeAnyOther() {
        var external = external(granted(peer().lifetime(200)));
        pass(150);
        leavesFrom(peer());
        pass(50);
        assertThat(bench.store.load().peers()).isZero();
        pass(69);
        assertThat(reaches(peer(), external)).as("kept by its traffic").contains(INSIDE);
        pass(2);
        assertThat(reaches(peer(), external)).isEmpty();
    }

    @Test
    @Proves("pcp:S-PEER-06")
    void whatRanOutMayBeAnothers() {
        granted(peer().lifetime(200));
        pass(199);
        assertThat(refused(peer().nonce(9)).result()).isEqualTo(NOT_AUTHORIZED);
        pass(1);
        granted(peer().nonce(9));
    }

    @Test
    void whatCannotBeWrittenIsNotPromised() {
        granted(peer().lifetime(600));
        bench.store.full = true;
        assertThat(refused(peer()).result()).isEqualTo(NO_RESOURCES);
        assertThat(refused(peer().nonce(9)).lifetime()).isEqualTo(new Lifetime(600));
        assertThat(refused(peer().to("198.51.100.11", 80)).result()).isEqualTo(NO_RESOURCES);
        bench.store.full = false;
        granted(peer().to("198.51.100.11", 80).nonce(9));
    }

    @Test
    void nothingIsPromisedBeforeTheCgnIsUnlocked() {
        var locked = new Bench(POLICY, Bench.pool(2000, 2009), 1000);
        assertThat(((Refuse) locked.ask(Bench.CLIENT, peer().build())).result()).isEqualTo(NO_RESOURCES);
        assertThat(locked.store.load().peers()).isZero();
    }

    @Test
    void aDeletedSubscriberHasNoFlows() {
        granted(peer());
        bench.cgn.deleteSubscriber(LINE);
        bench.run();
        assertThat(bench.store.load().peers()).isZero();
        granted(peer().nonce(9));
    }

    @Test
    @Proves({"pcp:S-PEER-02", "rel:I2"})
    void nothingIsPromisedBeyondWhatTheCgnKeepsHoweverLateItsAnswerComes() {
        bench.cgnIsSlow = true;
        long id = bench.nextRequestId();
        bench.happen(new Received(id, Client.of(Bench.CLIENT), peer().build()));
        bench.hearFromCgn(1); // who the subscriber is
        bench.run();
        bench.pass(Duration.ofSeconds(2));
        bench.hearFromCgn(1);
        bench.run();
        var answer = (PeerResponse) ((Reply) bench.answers.get(id)).response();
        assertThat(answer.lifetime()).isEqualTo(new Lifetime(3598));
    }

    @Test
    @Proves({"pcp:S-PEER-02", "rel:I2"})
    void whoAsksOftenIsNotPromisedMore() {
        granted(peer());
        for (int tenth = 0; tenth < 10; tenth++) {
            bench.pass(Duration.ofMillis(100));
            granted(peer().lifetime(120));
        }
        assertThat(granted(peer().lifetime(120)).lifetime()).isEqualTo(new Lifetime(3599));
    }
}
