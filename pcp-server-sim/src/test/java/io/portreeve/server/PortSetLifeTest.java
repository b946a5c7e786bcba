package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.SUCCESS;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpOption.PortReservation;
import io.portreeve.requirements.Proves;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEffect.Send;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a set of ports: it is renewed, deleted and restored as one, whichever of its ports is asked for. */
final class PortSetLifeTest extends PortSetBench {
    @Test
    @Proves("pcp:B-PSET-03")
    void aSetIsRenewedAndDeletedAsOne() {
        int first = bench.granted(wanted(8080, 3).lifetime(600)).assignedPort();
        bench.pass(Duration.ofSeconds(500));
        var renewed = bench.granted(wanted(8080, 3).lifetime(900).suggest(2000));
        assertThat(renewed.assignedPort()).isEqualTo(first);
        assertThat(renewed.options()).containsExactly(set(3, 8080));
        bench.pass(Duration.ofSeconds(899));
        assertLeadsTo(8080, first, 3);
        assertThat(bench.granted(wanted(8080, 3).lifetime(0)).lifetime()).isEqualTo(Lifetime.DELETE);
        assertThat(bench.cgn.table()).isEmpty();
        assertThat(bench.unasked).isEmpty();
    }

    @Test
    @Proves("pcp:B-PSET-03")
    void aSetEndsAsOne() {
        bench.granted(wanted(8080, 3).lifetime(600));
        bench.pass(Duration.ofSeconds(600));
        assertThat(bench.cgn.table()).isEmpty();
    }

    @Test
    @Proves("pcp:B-PSET-03")
    void aSetSurvivesARestart() {
        int first = bench.granted(wanted(8080, 3)).assignedPort();
        bench = bench.restart();
        assertLeadsTo(8080, first, 3);
        assertThat(bench.granted(wanted(8080, 3)).assignedPort()).isEqualTo(first);
        bench.granted(wanted(8080, 3).lifetime(0));
        assertThat(bench.cgn.table()).isEmpty();
    }

    /** Ports 100, and 101 to 103, are two mappings. */
    private void mapTwo() {
        bench.granted(map().port(100).suggest(2000).lifetime(600));
        bench.granted(wanted(101, 3).suggest(2004).lifetime(600));
    }

    private List<MapResponse> unasked() {
        return bench.unasked.stream()
                .map(Send.class::cast)
                .peek(send -> assertThat(send.client()).isEqualTo(Client.of(Bench.CLIENT)))
                .map(send -> (MapResponse) send.response())
                .toList();
    }

    @Test
    @Proves("pcp:B-PSET-03")
    void aRequestThatOverlapsSeveralMappingsRenewsEachAndIsAnsweredForEach() {
        mapTwo();
        var first = bench.granted(wanted(100, 10).suggest(2008).lifetime(1200));
        assertThat(List.of(first.internalPort(), first.assignedPort())).containsExactly(100, 2000);
        assertThat(first.options()).isEmpty();
        assertThat(unasked()).singleElement().satisfies(second -> {
            assertThat(List.of(second.internalPort(), second.assignedPort())).containsExactly(101, 2004);
            assertThat(second.options()).containsExactly(set(3, 101));
            assertThat(second.lifetime()).isEqualTo(new Lifetime(1200));
            assertThat(second.result()).isEqualTo(SUCCESS.value());
            assertThat(second.nonce()).isEqualTo(map().nonce());
        });
        assertThat(bench.mappings())
                .hasSize(2)
                .allSatisfy(view -> assertThat(view.left()).isEqualTo(new Lifetime(1200)));
        assertThat(bench.cgn.table()).as("nothing more is mapped").hasSize(4);
    }

    @Test
    @Proves("pcp:B-PSET-03")
    void aDeletionThatOverlapsSeveralMappingsDeletesEachAndIsAnsweredForEach() {
        mapTwo();
        bench.granted(wanted(100, 4).lifetime(0));
        assertThat(bench.cgn.table()).isEmpty();
        assertThat(unasked()).singleElement().satisfies(second -> {
            assertThat(second.lifetime()).isEqualTo(Lifetime.DELETE);
            assertThat(second.internalPort()).as("of the one that it is about").isEqualTo(101);
        });
    }

    @Test
    @Proves("pcp:B-PSET-03")
    void oneMemberStandsForItsSet() {
        mapTwo();
        var renewed = bench.granted(wanted(103, 5).lifetime(1200));
        assertThat(renewed.options()).containsExactly(set(3, 101));
        assertThat(List.of(renewed.internalPort(), renewed.assignedPort())).containsExactly(101, 2004);
        assertThat(bench.granted(map().port(102).lifetime(1800)).assignedPort()).isEqualTo(2005);
        assertThat(bench.mappings()).anySatisfy(view -> assertThat(view.left()).isEqualTo(new Lifetime(1800)));
        bench.granted(map().port(102).lifetime(0));
        assertThat(bench.mappings())
                .singleElement()
                .satisfies(view -> assertThat(view.internal().port()).isEqualTo(100));
        assertThat(bench.unasked).isEmpty();
    }

    /** A client knows no answer that is about another internal port than it asked for. RFC 6887 section 11.4. */
    @Test
    @Proves({"pcp:B-PSET-03", "pcp:S-MAP-01"})
    void aMemberThatIsAskedForByItselfIsAnsweredByItself() {
        mapTwo();
        var member = bench.granted(map().port(102).suggest(2005).with(PREFER_FAILURE));
        assertThat(List.of(member.internalPort(), member.assignedPort())).containsExactly(102, 2005);
        assertThat(member.options()).containsExactly(PREFER_FAILURE);
        assertThat(bench.refused(map().port(102).suggest(2004).with(PREFER_FAILURE))
                        .result())
                .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        var told = new NatPmpClient(bench).map(IpProtocol.TCP, 103, 0, 60);
        assertThat(List.of(told.internalPort(), told.externalPort())).containsExactly(103, 2006);
        bench.granted(map().port(200).with(new PortReservation()).suggest(2008));
        var second = bench.granted(map().port(201).with(new PortReservation()));
        assertThat(List.of(second.internalPort(), second.assignedPort())).containsExactly(201, 2009);
        assertThat(second.options()).isEmpty();
        var overlap = bench.granted(map().port(199).with(new PortReservation()));
        assertThat(List.of(overlap.internalPort(), overlap.assignedPort())).containsExactly(200, 2008);
    }

    @Test
    void anotherNonceCannotTouchAMemberOfASet() {
        mapTwo();
        for (var stranger :
                List.of(map().port(102), wanted(102, 2), wanted(102, 2).lifetime(0))) {
            assertThat(bench.refused(stranger.nonce(9)).result()).isEqualTo(NOT_AUTHORIZED);
        }
        assertThat(bench.cgn.table()).hasSize(4);
    }

    @Test
    void anotherNonceMakesNoneOfTheMappingsThatARequestOverlapsItsOwn() {
        bench.granted(map().port(100).nonce(9));
        bench.granted(wanted(101, 3).lifetime(600));
        assertThat(bench.refused(wanted(100, 4).lifetime(1200)).result()).isEqualTo(NOT_AUTHORIZED);
        assertThat(bench.mappings()).hasSize(2);
    }

    @Test
    @Proves("pcp:B-PSET-03")
    void anOverlapThatCannotBeStoredIsTakenBackAltogether() {
        mapTwo();
        bench.store.full = true;
        assertThat(bench.refused(wanted(100, 4).lifetime(1200)).result()).isEqualTo(NO_RESOURCES);
        assertThat(bench.refused(wanted(100, 4).lifetime(0)).result()).isEqualTo(NO_RESOURCES);
        assertThat(bench.unasked).isEmpty();
        assertThat(bench.mappings())
                .hasSize(2)
                .allSatisfy(view -> assertThat(view.left()).isEqualTo(new Lifetime(600)));
    }
}
