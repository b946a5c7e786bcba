package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.ALICE;
import static io.portreeve.server.cgn.CgnContract.HOST;
import static io.portreeve.server.cgn.CgnContract.assertFails;
import static io.portreeve.server.cgn.CgnContract.done;
import static io.portreeve.server.cgn.ImplicitContract.OTHER_HOST;
import static io.portreeve.server.cgn.ImplicitContract.OTHER_PEER;
import static io.portreeve.server.cgn.ImplicitContract.PEER;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.requirements.Proves;
import io.portreeve.runtime.MonoClock;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Beyond the contract: all traffic of a host and port has one external port, which an explicit mapping may share. */
final class MockTrafficTest extends TrafficContract {
    private final MockWorld world = new MockWorld();
    private final MockCgn cgn = world.cgn;

    /** What traffic of HOST with PEER has. */
    private Endpoint before;

    private Subscriber alice;

    @Override
    CgnWorld world() {
        return world;
    }

    @BeforeEach
    void subscriber() {
        alice = done(cgn.getSubscriber(ALICE));
    }

    private void sendToPeer() {
        before = world.outbound(ALICE, HOST, PEER).orElseThrow();
    }

    private CgnMapping mapping(IpProtocol protocol, Endpoint internal, int port) {
        return new CgnMapping(alice.handle(), protocol, internal, new Endpoint(alice.external(), port));
    }

    private CgnMapping mapping(int port) {
        return mapping(IpProtocol.UDP, HOST, port);
    }

    private Optional<LiveTraffic> traffic(IpProtocol protocol) {
        return done(cgn.liveTraffic(new InternalTuple(alice.handle(), protocol, HOST), ANYBODY));
    }

    @Test
    @Proves("pcp:N-16")
    void anotherPortThanTheTraffics() {
        sendToPeer();
        assertFails(cgn.createPcpMapping(mapping(2001)), CgnError.COLLISION);
        assertThat(cgn.table()).isEmpty();
        done(cgn.createPcpMapping(mapping(before.port())));
        assertThat(world.inbound(OTHER_PEER, before, HOST)).isTrue();
        assertThat(world.outbound(ALICE, HOST, OTHER_PEER)).contains(before);
    }

    @Test
    void whenTheTrafficHasEndedThereIsNoCollision() {
        sendToPeer();
        world.pass(Flow.UDP_IDLE);
        done(cgn.createPcpMapping(mapping(2001)));
    }

    @Test
    void thePortOfTrafficIsForItsHostOnly() {
        sendToPeer();
        assertFails(
                cgn.createPcpMapping(mapping(IpProtocol.UDP, OTHER_HOST, before.port())), CgnError.INVALID_ARGUMENT);
    }

    @Test
    void aFilterKeepsNoAnswersOut() {
        sendToPeer();
        var handle = done(cgn.createPcpMapping(mapping(before.port())));
        done(cgn.createFilter(handle, new CgnFilter(128, OTHER_PEER.address(), 0)));
        assertThat(world.inbound(PEER, before, HOST)).isTrue();
        assertThat(world.inbound(OTHER_PEER, before, HOST)).isTrue();
        assertThat(world.inbound(new Endpoint(PEER.address(), 9), before, HOST)).isFalse();
    }

    /** Five ports are not the pool's. */
    private static MockCgn small(MonoClock clock) {
        var pool = List.of(new PoolRange(CgnContract.FIRST, IpProtocol.UDP, 1024, 65_530));
        var small = new MockCgn(pool, new CgnLimits(9, 10), clock, Seeds.of(1));
        small.unlockDynamic();
        return small;
    }

    /** {@return a mapping of internal port 100 with the port that its traffic has} */
    private static CgnMapping copy(MockCgn cgn) {
        var inside = new Endpoint(HOST.address(), 100);
        var external = new Endpoint(CgnContract.FIRST, port(cgn, 100).orElseThrow());
        return new CgnMapping(done(cgn.getSubscriber(ALICE)).handle(), IpProtocol.UDP, inside, external);
    }

    @Test
    @Proves("pcp:N-15")
    void aPortThatIsSharedGoesToNobodyElse() {
        var now = new MonoTime[] {MonoTime.START};
        var small = small(() -> now[0]);
        var wanted = copy(small);
        var mapping = done(small.createPcpMapping(wanted));
        now[0] = now[0].plus(Flow.UDP_IDLE);
        for (int internal = 1; internal <= 4; internal++) {
            assertThat(port(small, internal).orElseThrow())
                    .isNotEqualTo(wanted.external().port());
        }
        assertThat(port(small, 5)).isEmpty();
        done(small.deletePcpMapping(mapping));
        assertThat(port(small, 5)).contains(wanted.external().port());
        assertFails(small.createPcpMapping(wanted), CgnError.INVALID_ARGUMENT);
    }

    @Test
    @Proves("pcp:N-15")
    void neitherWhenTheMappingEndsAndTheTrafficGoesOn() {
        var small = small(() -> MonoTime.START);
        done(small.deletePcpMapping(done(small.createPcpMapping(copy(small)))));
        for (int internal = 1; internal <= 4; internal++) {
            assertThat(port(small, internal)).isPresent();
        }
        assertThat(port(small, 5)).isEmpty();
    }

    @Test
    void aPortThatNobodyHasMayComeBack() {
        done(cgn.createPcpMapping(mapping(40_000)));
        cgn.deleteSubscriber(ALICE);
        alice = done(cgn.getSubscriber(ALICE));
        done(cgn.createPcpMapping(mapping(IpProtocol.UDP, OTHER_HOST, 40_000)));
        assertFails(cgn.createPcpMapping(mapping(IpProtocol.UDP, HOST, 80)), CgnError.INVALID_ARGUMENT);
    }

    private static Optional<Integer> port(MockCgn cgn, int internal) {
        var inside = new Endpoint(HOST.address(), internal);
        return cgn.outbound(Packet.inside(ALICE, IpProtocol.UDP, inside, PEER))
                .map(packet -> packet.source().port());
    }

    @Test
    void trafficThroughAnExplicitMappingEndsLikeAnyOther() {
        done(cgn.createPcpMapping(mapping(IpProtocol.TCP, HOST, 2001)));
        var out = Packet.inside(ALICE, IpProtocol.TCP, HOST, PEER);
        cgn.outbound(out);
        world.pass(Duration.ofSeconds(40));
        assertThat(traffic(IpProtocol.TCP)).map(LiveTraffic::left).contains(new Lifetime(7400));
        cgn.inbound(Packet.outside(IpProtocol.TCP, PEER, new Endpoint(alice.external(), 2001))
                .last());
        assertThat(traffic(IpProtocol.TCP)).map(LiveTraffic::left).contains(new Lifetime(240));
        world.pass(Flow.TCP_ENDING);
        assertThat(traffic(IpProtocol.TCP)).isEmpty();
    }

    /** What nobody answers may come from anybody: RFC 4787 REQ-6. */
    @Test
    void whatComesInIsNotTheHostsTraffic() {
        done(cgn.createPcpMapping(mapping(2001)));
        assertThat(world.inbound(PEER, new Endpoint(alice.external(), 2001), HOST))
                .isTrue();
        assertThat(traffic(IpProtocol.UDP)).isEmpty();
    }

    @Test
    void theTrafficWithAnybodyHasOneEndpoint() {
        sendToPeer();
        world.outbound(ALICE, HOST, OTHER_PEER);
        assertThat(traffic(IpProtocol.UDP)).map(LiveTraffic::external).contains(before);
    }

    @Test
    void theLongestCounts() {
        var out = Packet.inside(ALICE, IpProtocol.TCP, HOST, PEER);
        cgn.outbound(out.last());
        cgn.outbound(Packet.inside(ALICE, IpProtocol.TCP, HOST, OTHER_PEER));
        world.pass(Duration.ofMillis(500));
        assertThat(traffic(IpProtocol.TCP)).map(LiveTraffic::left).contains(new Lifetime(7440));
    }
}
