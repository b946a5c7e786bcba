package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.EXCESSIVE_REMOTE_PEERS;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEvent.Clear;
import io.portreeve.server.engine.ServerEvent.ClearOf;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator has mapped the client's TCP 8080 to external port 2001. The quota is one port. */
final class StaticMappingTest {
    private static final SubscriberId SUBSCRIBER = new SubscriberId(Bench.CLIENT.address());
    private static final Endpoint INTERNAL = new Endpoint(Bench.CLIENT.address(), 8080);
    private static final Endpoint REMOTE = new Endpoint(PcpAddress.parse("198.51.100.10"), 7000);

    private Bench bench =
            new Bench(new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 1, true), Bench.pool(2000, 2009), 1000);

    @BeforeEach
    void add() {
        add(8080, 2001);
    }

    private void add(int internalPort, int externalPort) {
        bench.add(
                SUBSCRIBER,
                IpProtocol.TCP,
                new Endpoint(Bench.CLIENT.address(), internalPort),
                new Endpoint(Bench.EXTERNAL, externalPort));
    }

    @AfterEach
    void itIsStillThere() {
        assertThat(bench.inbound(IpProtocol.TCP, REMOTE, 2001)).contains(INTERNAL);
        bench.assertNoOrphan();
    }

    private void assertItsOwnValues(MapResponse answer) {
        assertThat(answer.assignedAddress()).isEqualTo(Bench.EXTERNAL);
        assertThat(answer.assignedPort()).isEqualTo(2001);
        assertThat(answer.lifetime()).isEqualTo(new Lifetime(0xFFFF_FFFFL));
    }

    @Test
    @Proves("pcp:S-MAP-04")
    void itAnswersItsOwnValuesWhateverIsSuggested() {
        assertItsOwnValues(bench.granted(map()));
        bench.pass(Duration.ofDays(400));
        assertItsOwnValues(bench.granted(map().suggest(2005).lifetime(1)));
        assertItsOwnValues(bench.granted(map().suggest("203.0.114.9")));
        assertItsOwnValues(bench.granted(map().suggest(2001).with(PREFER_FAILURE)));
        assertThat(bench.refused(map().suggest(2005).with(PREFER_FAILURE)).result())
                .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
        assertThat(bench.refused(map().suggest(2001).suggest("203.0.114.9").with(PREFER_FAILURE))
                        .result())
                .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
    }

    @Test
    @Proves("pcp:S-MAP-04")
    void whatIsBeingDeletedIsWaitedFor() {
        bench.granted(map().port(9));
        bench.cgnIsSlow = true;
        bench.ask(Bench.CLIENT, map().port(9).lifetime(0).build());
        add(9, 2005);
        assertThat(bench.mappings()).hasSize(1);
        bench.letTheCgnAnswer();
        assertThat(bench.mappings())
                .extracting(MappingView::external)
                .containsExactlyInAnyOrder(new Endpoint(Bench.EXTERNAL, 2001), new Endpoint(Bench.EXTERNAL, 2005));
    }

    @Test
    @Proves("pcp:B-NON-05")
    void itAnswersEachNonceAndKeepsNone() {
        for (int nonce : List.of(7, 9, 7)) {
            assertThat(bench.granted(map().nonce(nonce)).nonce())
                    .isEqualTo(map().nonce(nonce).nonce());
        }
    }

    @Test
    @Proves("pcp:S-LIFE-04")
    void noClientCanDeleteIt() {
        bench.granted(map());
        assertThat(bench.refused(map().lifetime(0)))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(NOT_AUTHORIZED, new Lifetime(1800));
        var set = map().port(8079).with(new PortSet(3, 8079, false)).lifetime(0);
        assertThat(bench.refused(set).result()).isEqualTo(NOT_AUTHORIZED);
    }

    @Test
    @Proves({"pcp:S-LIFE-04", "pcp:S-MAP-04"})
    void itSurvivesARestart() {
        bench.pass(Duration.ofDays(400));
        assertThat(bench.mappings().getFirst().left()).isEqualTo(Lifetime.INFINITE);
        bench = bench.restart();
        assertItsOwnValues(bench.granted(map().nonce(9)));
        assertThat(bench.refused(map().lifetime(0)).result()).isEqualTo(NOT_AUTHORIZED);
        add();
        assertThat(bench.mappings()).hasSize(1);
    }

    @Test
    @Proves("pcp:S-MAP-11")
    void itCountsInNoQuotaAndNeitherAfterARestart() {
        bench.granted(map().port(1));
        bench.granted(map().port(1).lifetime(0));
        bench = bench.restart();
        bench.granted(map().port(2));
    }

    @Test
    void whatTheOperatorClearsIsTheRest() {
        bench.granted(map().port(1));
        bench.happen(new Clear());
        assertThat(bench.mappings()).hasSize(1);
        bench.granted(map().port(1));
        bench.happen(new ClearOf(SUBSCRIBER));
        assertThat(bench.mappings()).hasSize(1);
    }

    @Test
    void oneThatIsInTheWayOfWhatIsThereIsNotMade() {
        bench.granted(map().port(1).suggest(2002));
        add(1, 2003);
        add(2, 2002);
        add(2, 80);
        assertThat(bench.mappings()).hasSize(2);
        assertThat(bench.granted(map().from(PcpAddress.parse("100.64.0.3")).suggest(2003))
                        .assignedPort())
                .as("not taken")
                .isEqualTo(2003);
    }

    @ParameterizedTest
    @ValueSource(strings = {"100.64.0.2", "100.64.0.3"})
    void aPortThatIsHeldBackIsTheOperatorsToGive(String holder) {
        var wanted = map().from(PcpAddress.parse(holder)).port(1).suggest(2002);
        bench.granted(wanted);
        bench.granted(wanted.lifetime(0));
        add(2, 2002);
        assertThat(bench.inbound(IpProtocol.TCP, REMOTE, 2002)).contains(new Endpoint(Bench.CLIENT.address(), 2));
        bench.pass(Duration.ofSeconds(7440));
        assertThat(bench.granted(wanted).assignedPort()).isNotEqualTo(2002);
        bench = bench.restart();
        assertThat(bench.mappings()).hasSize(3);
    }

    @Test
    void aPortThatCannotBeGivenIsHeldBackAsBefore() {
        var wanted = map().from(PcpAddress.parse("100.64.0.3")).port(1).suggest(2002);
        bench.granted(wanted);
        bench.granted(wanted.lifetime(0));
        bench.faults.refuse("createPcpMapping", 0);
        add(2, 2002);
        assertThat(bench.mappings()).hasSize(1);
        bench.refused(map().port(1).suggest(2002).with(PREFER_FAILURE));
        assertThat(bench.granted(wanted).assignedPort()).isEqualTo(2002);
    }

    @Test
    @Proves("pcp:S-FLT-02")
    void aFilterThatIsNotPutInForceIsNotPromised() {
        var filter = new Filter(128, 0, PcpAddress.parse("198.51.100.11"));
        assertThat(bench.refused(map().with(filter)).result()).isEqualTo(EXCESSIVE_REMOTE_PEERS);
        assertItsOwnValues(bench.granted(map().with(new Filter(0, 0, PcpAddress.ANY_IPV6))));
    }

    @Test
    @Proves("rel:I3")
    void oneThatCannotBeStoredIsTakenBack() {
        bench.store.full = true;
        add(9, 2005);
        bench.store.full = false;
        assertThat(bench.mappings()).hasSize(1);
        add(9, 2005);
        assertThat(bench.mappings()).as("its port is free again").hasSize(2);
    }
}
