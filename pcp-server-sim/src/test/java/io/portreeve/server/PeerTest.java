package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.MALFORMED_REQUEST;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpOption.Unknown;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.ServerEffect.Refuse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PEER, and what becomes of the packets of the flows it speaks of. */
final class PeerTest extends PeerBench {
    @Test
    @Proves("pcp:S-PEER-02")
    void aNewFlowHasAPortOfTheCgnsAsLongAsWasPromised() {
        var answer = granted(peer().with(new Unknown(200)));
        var flow = peer().build();
        assertThat(answer)
                .isEqualTo(new PeerResponse(
                        0,
                        new Lifetime(3600),
                        new EpochTime(0),
                        flow.nonce(),
                        IpProtocol.UDP,
                        40_000,
                        answer.assignedPort(),
                        Bench.EXTERNAL,
                        80,
                        flow.remoteAddress(),
                        List.of()));
        assertThat(bench.cgn.table()).as("explicit mappings").isEmpty();
        assertThat(reaches(peer().to("198.51.100.11", 80), external(answer))).isEmpty();
        pass(3599);
        assertThat(reaches(peer(), external(answer))).contains(INSIDE);
        pass(2);
        assertThat(reaches(peer(), external(answer))).isEmpty();
    }

    @Test
    @Proves("pcp:S-PEER-02")
    void thePacketsOfTheFlowLeaveAsWasSaid() {
        var answer = granted(peer());
        assertThat(leavesFrom(peer())).contains(external(answer));
    }

    static Stream<WantedPeer> senseless() {
        return Stream.of(
                peer().protocol(0),
                peer().port(0),
                peer().to("198.51.100.10", 0),
                peer().with(PREFER_FAILURE),
                peer().to("127.0.0.1", 80),
                peer().to("0.0.0.0", 80),
                peer().to("224.0.0.1", 80),
                peer().to("255.255.255.255", 80),
                peer().to("2001:db8::1", 80));
    }

    @ParameterizedTest
    @MethodSource("senseless")
    @Proves("pcp:S-PEER-01")
    void whatCannotBeAFlowIsMalformed(WantedPeer asked) {
        assertThat(refused(asked))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(MALFORMED_REQUEST, new Lifetime(1800));
        assertThat(bench.store.load().peers()).isZero();
    }

    static Stream<WantedPeer> unmet() {
        return Stream.of(
                peer().suggest(2001),
                peer().suggest("203.0.114.9"),
                peer().suggest(2001).lifetime(0));
    }

    @ParameterizedTest
    @MethodSource("unmet")
    @Proves("pcp:S-PEER-03")
    void aSuggestionThatCannotBeMetLeavesNothing(WantedPeer asked) {
        assertThat(refused(asked))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        assertThat(bench.store.load().peers()).isZero();
        granted(peer().nonce(9));
        pass(3601);
        assertThat(reaches(peer(), new Endpoint(Bench.EXTERNAL, 2001))).isEmpty();
    }

    @Test
    @Proves("pcp:S-PEER-04")
    void aLiveFlowIsAdopted() {
        var external = leavesFrom(peer()).orElseThrow();
        pass(100);
        var answer = granted(peer());
        assertThat(external(answer)).isEqualTo(external);
        assertThat(answer.lifetime()).isEqualTo(new Lifetime(3600));
        assertThat(refused(peer().nonce(9)).result()).isEqualTo(NOT_AUTHORIZED);
        pass(3599);
        assertThat(reaches(peer(), external)).contains(INSIDE);
    }

    static Stream<WantedPeer> meaningless() {
        return Stream.of(
                peer().suggest(2001),
                peer().suggest("203.0.114.9"),
                peer().suggest(2001).suggest("203.0.114.9"));
    }

    @ParameterizedTest
    @MethodSource("meaningless")
    @Proves("pcp:S-PEER-04")
    void whatIsSuggestedForALiveFlowMeansNothing(WantedPeer asked) {
        var external = leavesFrom(peer()).orElseThrow();
        assertThat(external(granted(asked))).isEqualTo(external);
        bench.faults.calls.clear();
        assertThat(external(granted(asked.suggest(2002)))).as("renewed").isEqualTo(external);
        assertThat(bench.faults.calls).containsOnly("addDynamicMap");
        var other = asked.to("198.51.100.11", 80);
        assertThat(refused(other).result()).as("another flow").isEqualTo(CANNOT_PROVIDE_EXTERNAL);
    }

    @Test
    @Proves("pcp:N-06")
    void whatCannotBeMetIsNotTriedAtTheCgn() {
        refused(peer().suggest(2001));
        assertThat(bench.faults.calls).containsExactly("getSubscriber", "liveTraffic");
        bench.faults.refuse("liveTraffic", 0);
        leavesFrom(peer());
        assertThat(refused(peer().suggest(2001)).result())
                .as("the CGN cannot say what is there")
                .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        assertThat(bench.faults.calls).doesNotContain("addDynamicMap");
        var answer = granted(peer().to("198.51.100.12", 80).port(40_001));
        assertThat(answer.assignedPort()).isGreaterThan(2009);
    }

    @Test
    @Proves("pcp:S-PEER-07")
    void aFlowAnswersToItsNonceAlone() {
        var other = peer().to("198.51.100.11", 80).nonce(9);
        var external = external(granted(peer()));
        assertThat(external(granted(other))).as("one port for all its peers").isEqualTo(external);
        pass(600);
        for (var swapped : List.of(peer().nonce(9), peer().nonce(9).lifetime(0))) {
            assertThat(refused(swapped))
                    .extracting(Refuse::result, Refuse::lifetime)
                    .containsExactly(NOT_AUTHORIZED, new Lifetime(3000));
        }
        assertThat(refused(other.nonce(1)).result()).isEqualTo(NOT_AUTHORIZED);
        granted(peer());
        granted(other);
    }
}
