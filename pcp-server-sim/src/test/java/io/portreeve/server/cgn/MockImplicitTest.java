package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.ALICE;
import static io.portreeve.server.cgn.CgnContract.BOB;
import static io.portreeve.server.cgn.CgnContract.HOST;
import static io.portreeve.server.cgn.CgnContract.LIMITS;
import static io.portreeve.server.cgn.CgnContract.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beyond the contract: what the kernel does otherwise, or cannot show. */
final class MockImplicitTest extends ImplicitContract {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final MockWorld world = new MockWorld();
    private final MockCgn cgn = world.cgn;

    @Override
    CgnWorld world() {
        return world;
    }

    @Override
    boolean givesOnePortToAllTraffic() {
        return true;
    }

    private static Packet out(IpProtocol protocol, Endpoint to) {
        return Packet.inside(ALICE, protocol, HOST, to);
    }

    /** A host has one port for all its peers: RFC 4787 REQ-1. */
    @Test
    void trafficOfOneEndpointHasOnePort() {
        done(cgn.unlockDynamic());
        var external = world.outbound(ALICE, HOST, PEER);
        assertThat(world.outbound(ALICE, HOST, OTHER_PEER)).isEqualTo(external);
        assertThat(world.outbound(ALICE, OTHER_HOST, PEER)).isNotEqualTo(external);
        done(cgn.addDynamicMap(
                new InternalTuple(done(cgn.getSubscriber(ALICE)).handle(), IpProtocol.UDP, OTHER_HOST),
                OTHER_PEER,
                NO_HINT,
                HOUR));
        assertThat(world.outbound(ALICE, HOST, OTHER_PEER)).isEqualTo(external);
    }

    @Test
    void hostsOfTwoSubscribersMayHaveOneAddress() {
        done(cgn.unlockDynamic());
        var ofAlice = world.outbound(ALICE, HOST, PEER).orElseThrow();
        var ofBob = world.outbound(BOB, HOST, PEER).orElseThrow();
        assertThat(ofAlice).isNotEqualTo(ofBob);
        assertThat(cgn.inbound(Packet.outside(IpProtocol.UDP, PEER, ofBob)).flatMap(Packet::line))
                .contains(BOB);
    }

    @Test
    void nobodySendsWithTheAddressOfAnother() {
        done(cgn.unlockDynamic());
        done(cgn.getSubscriber(BOB));
        assertThat(world.outbound(ALICE, new Endpoint(BOB.address(), 1), PEER)).isEmpty();
    }

    @Test
    void whatHasNoPortsIsNotCarried() {
        done(cgn.unlockDynamic());
        assertThat(cgn.outbound(out(new IpProtocol(47), PEER))).isEmpty();
    }

    @Test
    void idleUdpIsForgottenAfterTwoMinutes() {
        done(cgn.unlockDynamic());
        var external = world.outbound(ALICE, HOST, PEER).orElseThrow();
        world.pass(Flow.UDP_IDLE.minus(SECOND));
        assertThat(world.outbound(ALICE, HOST, PEER)).as("it sends again").contains(external);
        world.pass(Flow.UDP_IDLE.minus(SECOND));
        assertThat(world.inbound(PEER, external, HOST)).isTrue();
        world.pass(SECOND);
        assertThat(world.inbound(PEER, external, HOST)).isFalse();
    }

    @Test
    void tcpLivesForHours() {
        done(cgn.unlockDynamic());
        var external = cgn.outbound(out(IpProtocol.TCP, PEER)).orElseThrow().source();
        world.pass(Flow.TCP_IDLE.minus(SECOND));
        var answer = Packet.outside(IpProtocol.TCP, PEER, external);
        assertThat(cgn.inbound(answer)).isPresent();
        world.pass(SECOND);
        assertThat(cgn.inbound(answer)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tcpLivesForMinutesAfterItsEnd(boolean bothSidesSayIt) {
        done(cgn.unlockDynamic());
        var packet = out(IpProtocol.TCP, PEER);
        var answer = Packet.outside(
                IpProtocol.TCP, PEER, cgn.outbound(packet).orElseThrow().source());
        cgn.inbound(answer.last());
        if (bothSidesSayIt) {
            world.pass(SECOND);
            cgn.outbound(packet.last());
        }
        world.pass(Flow.TCP_ENDING.minus(SECOND));
        assertThat(cgn.inbound(answer)).isPresent();
        world.pass(SECOND);
        assertThat(cgn.inbound(answer)).isEmpty();
    }

    @Test
    void tcpEndsFromInsideToo() {
        done(cgn.unlockDynamic());
        var packet = out(IpProtocol.TCP, PEER);
        var external = cgn.outbound(packet).orElseThrow().source();
        cgn.outbound(packet.last());
        world.pass(Flow.TCP_ENDING);
        assertThat(cgn.inbound(Packet.outside(IpProtocol.TCP, PEER, external))).isEmpty();
    }

    @Test
    void theEndOfAConnectionBreaksNoPromise() {
        done(cgn.unlockDynamic());
        var alice = done(cgn.getSubscriber(ALICE));
        var added =
                done(cgn.addDynamicMap(new InternalTuple(alice.handle(), IpProtocol.TCP, HOST), PEER, NO_HINT, HOUR));
        cgn.outbound(out(IpProtocol.TCP, PEER).last());
        world.pass(Duration.ofMinutes(59));
        assertThat(cgn.inbound(Packet.outside(IpProtocol.TCP, PEER, added.external())))
                .isPresent();
    }

    @Test
    void trafficMakesNoMoreThanMayBe() {
        done(cgn.unlockDynamic());
        for (int i = 0; i < LIMITS.implicitPerSubscriber(); i++) {
            assertThat(world.outbound(ALICE, new Endpoint(HOST.address(), 100 + i), PEER))
                    .isPresent();
        }
        assertThat(world.outbound(ALICE, HOST, PEER)).isEmpty();
        assertThat(world.outbound(BOB, HOST, PEER)).as("of another subscriber").isPresent();
        world.pass(Flow.UDP_IDLE);
        assertThat(world.outbound(ALICE, HOST, PEER))
                .as("when the others have gone")
                .isPresent();
    }

    /** All ports are given out, each once; then the CGN is full until one expires. */
    @Test
    void everyPortIsUsed() {
        var pool = List.of(new PoolRange(CgnContract.FIRST, IpProtocol.UDP, 1024, 65_530));
        var now = new MonoTime[] {MonoTime.START};
        var small = new MockCgn(pool, new CgnLimits(1, 10), () -> now[0], Seeds.of(1));
        small.unlockDynamic();
        for (int i = 0; i < 5; i++) {
            assertThat(portOf(small, 100 + i).orElseThrow()).isBetween(65_531, 65_535);
        }
        assertThat(portOf(small, 100)).as("the same as before").isPresent();
        assertThat(portOf(small, 200)).isEmpty();
        now[0] = now[0].plus(Flow.UDP_IDLE);
        assertThat(portOf(small, 200)).isPresent();
    }

    @Test
    void aPoolOfAllUserPortsLeavesTheOthers() {
        var pool = List.of(new PoolRange(CgnContract.FIRST, IpProtocol.UDP, 1024, 65_535));
        var mock = new MockCgn(pool, LIMITS, () -> MonoTime.START, Seeds.of(1));
        mock.unlockDynamic();
        assertThat(portOf(mock, 1).orElseThrow()).isBetween(1, 1023);
    }

    private static Optional<Integer> portOf(MockCgn cgn, int internalPort) {
        var inside = new Endpoint(PcpAddress.parse("192.168.1.10"), internalPort);
        return cgn.outbound(Packet.inside(ALICE, IpProtocol.UDP, inside, PEER))
                .map(packet -> packet.source().port());
    }
}
