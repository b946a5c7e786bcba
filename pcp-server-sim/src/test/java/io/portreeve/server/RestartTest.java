package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.server.RequestChecksTest.result;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.ServerEffect.AnnounceToAll;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEvent.Clear;
import io.portreeve.server.engine.ServerEvent.ClearOf;
import io.portreeve.server.engine.ServerEvent.StateLost;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server that is killed, and the one after it: with its disk or without. */
final class RestartTest {
    private static final Endpoint OTHER = new Endpoint(PcpAddress.parse("100.64.0.3"), 49152);
    private static final SubscriberId SUBSCRIBER = new SubscriberId(Bench.CLIENT.address());
    private static final List<PoolRange> POOL = Bench.pool(2000, 2009);
    private static final ServerPolicy POLICY =
            new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true).with(ServerPolicy.Versions.PCP);

    private final Bench bench = new Bench(POLICY, POOL, 1000);

    private static long epochOf(Bench bench, Endpoint client) {
        var reply = (Reply) bench.ask(client, new AnnounceRequest(client.address()));
        return reply.response().epoch().seconds();
    }

    private static int portOf(Bench bench, WantedMap wanted) {
        var reply = (Reply) bench.ask(new Endpoint(wanted.client(), 49152), wanted.build());
        return ((MapResponse) reply.response()).assignedPort();
    }

    @Test
    @Proves({"pcp:F-26-01", "pcp:S-EPO-02"})
    void whatIsKeptIsNoLoss() {
        portOf(bench, map().suggest(2001));
        bench.pass(Duration.ofSeconds(100));
        var second = bench.restarted(POOL);
        assertThat(epochOf(second, Bench.CLIENT)).isEqualTo(100);
        assertThat(second.mappings()).hasSize(1);
        second.pass(Duration.ofMinutes(5));
        assertThat(second.unasked).isEmpty();
        assertThat(portOf(second, map())).isEqualTo(2001);
        second.assertNoOrphan();
    }

    @Test
    @Proves({"pcp:F-26-01", "pcp:S-EPO-02", "pcp:S-RR-01", "pcp:S-RR-02"})
    void whatIsKeptInPartIsALoss() {
        portOf(bench, map().port(1).suggest(2001));
        portOf(bench, map().port(2).suggest(2008));
        bench.pass(Duration.ofSeconds(100));
        var second = bench.restarted(POOL, 1);
        assertThat(epochOf(second, Bench.CLIENT)).isZero();
        assertThat(second.mappings()).extracting(view -> view.external().port()).containsExactly(2001);
        second.pass(Duration.ofMinutes(5));
        assertThat(second.unasked).hasSize(10).hasOnlyElementsOfType(AnnounceToAll.class);
    }

    @Test
    @Proves("pcp:F-26-03")
    void aStandbyWithoutStateBeginsAtZero() {
        portOf(bench, map().suggest(2001));
        bench.pass(Duration.ofSeconds(100));
        var standby = new Bench(POLICY, POOL, 1000);
        assertThat(epochOf(standby, Bench.CLIENT)).isZero();
        assertThat(standby.mappings()).isEmpty();
    }

    /** Of two hundred subscribers with fifty each; somebody else was faster at one of the ports. */
    @Test
    @Proves("rel:F-9")
    void tenThousandMappingsComeBackAtTheirPorts() {
        var pool = Bench.pool(1024, 65_535);
        var ports = new LinkedHashMap<WantedMap, Integer>();
        var lost = new Bench(POLICY, pool, 20_000);
        for (int subscriber = 0; subscriber < 200; subscriber++) {
            for (int port = 1; port <= 50; port++) {
                var wanted =
                        map().from(PcpAddress.ofIpv4(0x6440_0100 + subscriber)).port(port);
                ports.put(wanted, portOf(lost, wanted));
            }
        }
        assertThat(ports.values()).doesNotHaveDuplicates().hasSize(10_000);

        var next = new Bench(POLICY, pool, 20_000);
        assertThat(epochOf(next, Bench.CLIENT)).isZero();
        next.happen(new StateLost());
        int taken = ports.lastEntry().getValue(); // of who asks last: it gets one that nobody had
        assertThat(portOf(next, map().from(OTHER.address()).suggest(taken))).isEqualTo(taken);
        ports.forEach((wanted, port) -> {
            int again = portOf(next, wanted.suggest(port));
            assertThat(again == port).isEqualTo(port != taken);
        });
        next.pass(Duration.ofMinutes(5));
        assertThat(next.mappings()).hasSize(10_001);
        assertThat(next.unasked).hasSize(10).hasOnlyElementsOfType(AnnounceToAll.class);
        next.assertNoOrphan();
    }

    @Test
    @Proves("pcp:F-03-03")
    void aPortGoesToNobodyElseAfterACrash() {
        portOf(bench, map().suggest(2001));
        var second = bench.restarted(POOL);
        var other = map().from(OTHER.address()).suggest(2001);
        assertThat(portOf(second, other)).isNotEqualTo(2001);
        assertThat(result(second.ask(OTHER, other.port(9).with(PREFER_FAILURE).build())))
                .isEqualTo(CANNOT_PROVIDE_EXTERNAL);
    }

    @Test
    @Proves("pcp:S-EPO-02")
    void aPromisedFlowThatNoCgnBringsBackIsALoss() {
        bench.cgn.unlockDynamic();
        portOf(bench, map().suggest(2001));
        bench.ask(Bench.CLIENT, peer().lifetime(600).build());
        bench.pass(Duration.ofSeconds(100));
        var second = bench.restarted(POOL);
        assertThat(epochOf(second, Bench.CLIENT)).isZero();
        assertThat(second.unasked).hasOnlyElementsOfType(AnnounceToAll.class).isNotEmpty();
        assertThat(second.mappings()).as("no reason to take the mappings").hasSize(1);
        second.pass(Duration.ofSeconds(50));
        assertThat(epochOf(second.restarted(POOL), Bench.CLIENT)).as("once").isEqualTo(50);
    }

    @Test
    @Proves("pcp:S-EPO-02")
    void aFlowThatRanOutBeforeIsNoLoss() {
        bench.cgn.unlockDynamic();
        bench.ask(Bench.CLIENT, peer().lifetime(600).build());
        bench.pass(Duration.ofSeconds(600));
        assertThat(epochOf(bench.restarted(POOL), Bench.CLIENT)).isEqualTo(600);
    }

    @Test
    @Proves({"pcp:S-EPO-02", "pcp:S-EPO-03"})
    void everySubscribersEpochGoesOn() {
        bench.pass(Duration.ofSeconds(100));
        bench.happen(new ClearOf(SUBSCRIBER));
        bench.pass(Duration.ofSeconds(10));
        var second = bench.restarted(POOL);
        assertThat(epochOf(second, Bench.CLIENT)).isEqualTo(10);
        assertThat(epochOf(second, OTHER)).isEqualTo(110);
        second.happen(new Clear());
        second.pass(Duration.ofSeconds(5));
        var third = second.restarted(POOL);
        assertThat(epochOf(third, Bench.CLIENT)).isEqualTo(5);
        assertThat(epochOf(third, OTHER)).isEqualTo(5);
    }

    @Test
    @Proves("pcp:S-EPO-02")
    void aLossResetsTheEpochsOfAll() {
        bench.pass(Duration.ofSeconds(100));
        bench.happen(new ClearOf(SUBSCRIBER));
        portOf(bench, map().suggest(2008));
        bench.pass(Duration.ofSeconds(10));
        var second = bench.restarted(POOL, 0);
        assertThat(epochOf(second, Bench.CLIENT)).isZero();
        assertThat(epochOf(second, OTHER)).isZero();
    }

    @Test
    void theOperatorsMappingsComeBack() {
        var external = new Endpoint(Bench.EXTERNAL, 2005);
        var inside = new Endpoint(Bench.CLIENT.address(), 443);
        bench.add(SUBSCRIBER, IpProtocol.TCP, inside, external);
        bench.pass(Duration.ofDays(400));
        var second = bench.restarted(POOL);
        second.happen(new Clear());
        assertThat(second.mappings()).extracting(MappingView::external).containsExactly(external);
        second.assertNoOrphan();
    }

    @Test
    @Proves({"pcp:S-EPO-02", "pcp:S-PEER-08"})
    void whatPeerWasToldOfAMappingIsNoLossWhenTheMappingComesBack() {
        var flow = peer();
        bench.ask(Bench.CLIENT, map().protocol(17).port(40_000).suggest(2001).build());
        assertThat(bench.ask(Bench.CLIENT, flow.build())).isInstanceOf(Reply.class);
        bench.pass(Duration.ofSeconds(50));
        assertThat(epochOf(bench.restarted(POOL), Bench.CLIENT)).isEqualTo(50);
    }
}
