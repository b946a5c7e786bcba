package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEvent.Received;
import org.junit.jupiter.api.Test;

/** PEER for an internal port that MAP has an external one for, before, after or meanwhile. */
final class PeerBesideMapTest extends PeerBench {
    @Test
    @Proves("pcp:S-PEER-08")
    void anExplicitMappingServesTheFlow() {
        bench.ask(
                Bench.CLIENT,
                map().protocol(17).port(40_000).suggest(2001).lifetime(600).build());
        var mapped = new Endpoint(Bench.EXTERNAL, 2001);
        pass(100);
        assertThat(external(granted(peer().suggest(2001)))).isEqualTo(mapped);
        var answer = granted(peer());
        assertThat(external(answer)).isEqualTo(mapped);
        assertThat(answer.lifetime()).as("not beyond the mapping").isEqualTo(new Lifetime(500));
        assertThat(granted(peer().lifetime(0)).lifetime()).as("not shortened").isEqualTo(new Lifetime(500));
        assertThat(leavesFrom(peer())).contains(mapped);
        assertThat(refused(peer().to("198.51.100.11", 80).suggest(2002)).result())
                .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        assertThat(refused(peer().to("198.51.100.11", 80).suggest("203.0.114.9"))
                        .result())
                .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
    }

    @Test
    @Proves("pcp:S-PEER-08")
    void soDoesThePortOfASet() {
        var set = map().protocol(17).port(39_998).suggest(2002).with(new PortSet(4, 39_998, false));
        bench.ask(Bench.CLIENT, set.build());
        assertThat(granted(peer()).assignedPort()).isEqualTo(2004);
    }

    @Test
    void aHostBehindTheSubscriberHasItsOwnFlows() {
        var third = thirdParty("192.168.1.33");
        bench.ask(Bench.CLIENT, map().protocol(17).port(40_000).suggest(2001).build());
        var answer = granted(peer().with(third));
        assertThat(answer.options()).containsExactly(third);
        assertThat(answer.assignedPort()).isNotEqualTo(2001);
    }

    @Test
    void aMappingMadeLaterLeavesTheFlowWhereItIs() {
        var external = external(granted(peer().lifetime(600)));
        bench.ask(Bench.CLIENT, map().protocol(17).port(40_000).suggest(2001).build());
        var renewed = granted(peer());
        assertThat(external(renewed)).isEqualTo(external);
        assertThat(leavesFrom(peer())).contains(external);
        pass(3599);
        assertThat(reaches(peer(), external)).contains(INSIDE);
    }

    @Test
    void aFlowThatEndedIsServedByTheMapping() {
        bench.ask(Bench.CLIENT, map().protocol(17).port(40_000).suggest(2001).build());
        granted(peer());
        bench.ask(Bench.CLIENT, map().protocol(17).port(40_000).lifetime(0).build());
        bench.ask(
                Bench.CLIENT,
                map().protocol(17).port(40_000).suggest(2002).lifetime(600).build());
        var answer = granted(peer());
        assertThat(answer.assignedPort()).isEqualTo(2002);
        assertThat(answer.lifetime()).isEqualTo(new Lifetime(600));
    }

    @Test
    void theMappingThatIsBeingMadeServesTheFlow() {
        assertThat(whileTheCgnWorksOn(map().protocol(17).port(40_000).suggest(2001))
                        .assignedPort())
                .isEqualTo(2001);
        assertThat(leavesFrom(peer())).contains(new Endpoint(Bench.EXTERNAL, 2001));
    }

    @Test
    void soDoesTheOneWhoseFilterIsBeingChanged() {
        var mapping = map().protocol(17).port(40_000).suggest(2001);
        bench.ask(Bench.CLIENT, mapping.build());
        var filter = new Filter(128, 0, peer().remote().address());
        assertThat(whileTheCgnWorksOn(mapping.with(filter)).assignedPort()).isEqualTo(2001);
    }

    /** {@return the answer to a PEER that came before the CGN had done {@code mapping}} */
    private PeerResponse whileTheCgnWorksOn(WantedMap mapping) {
        bench.cgnIsSlow = true;
        bench.ask(Bench.CLIENT, mapping.build());
        long id = bench.nextRequestId();
        bench.happen(new Received(id, Client.of(Bench.CLIENT), peer().build()));
        bench.letTheCgnAnswer();
        assertThat(bench.answers.get(id)).isInstanceOf(Reply.class);
        return (PeerResponse) ((Reply) bench.answers.get(id)).response();
    }
}
