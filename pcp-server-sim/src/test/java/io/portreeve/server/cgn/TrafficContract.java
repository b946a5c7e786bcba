package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.HOST;
import static io.portreeve.server.cgn.CgnContract.assertFails;
import static io.portreeve.server.cgn.CgnContract.done;
import static io.portreeve.server.cgn.ImplicitContract.HOUR;
import static io.portreeve.server.cgn.ImplicitContract.NO_HINT;
import static io.portreeve.server.cgn.ImplicitContract.OTHER_HOST;
import static io.portreeve.server.cgn.ImplicitContract.OTHER_PEER;
import static io.portreeve.server.cgn.ImplicitContract.PEER;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every CGN says of the traffic that it carries. */
abstract class TrafficContract {
    static final Endpoint ANYBODY = new Endpoint(PcpAddress.ANY_IPV4, 0);

    private Subscriber alice;

    /** {@return the same one throughout a test} */
    abstract CgnWorld world();

    private Cgn cgn() {
        return world().cgn();
    }

    @BeforeEach
    void serveAlice() throws Exception {
        alice = done(cgn().getSubscriber(world().alice()));
        done(cgn().unlockDynamic());
    }

    private Optional<LiveTraffic> traffic(Endpoint internal, Endpoint destination) {
        return done(cgn().liveTraffic(new InternalTuple(alice.handle(), IpProtocol.UDP, internal), destination));
    }

    private static void assertIdle(LiveTraffic live) {
        assertThat(live.left().seconds()).isBetween(1L, Flow.UDP_IDLE.toSeconds());
    }

    @Test
    void whereNothingIsSentThereIsNone() {
        world().outbound(world().alice(), OTHER_HOST, PEER);
        assertThat(traffic(HOST, PEER)).isEmpty();
        assertThat(done(cgn().liveTraffic(new InternalTuple(alice.handle(), IpProtocol.TCP, OTHER_HOST), PEER)))
                .as("of another protocol")
                .isEmpty();
    }

    @Test
    void whatIsSentIsKnownByItsExternalEndpoint() {
        var external = world().outbound(world().alice(), HOST, PEER).orElseThrow();
        assertThat(traffic(HOST, PEER)).hasValueSatisfying(live -> {
            assertThat(live.external()).isEqualTo(external);
            assertIdle(live);
        });
        assertThat(traffic(HOST, OTHER_PEER)).isEmpty();
    }

    @Test
    void whatIsPromisedIsNotIdle() {
        var added =
                done(cgn().addDynamicMap(new InternalTuple(alice.handle(), IpProtocol.UDP, HOST), PEER, NO_HINT, HOUR));
        assertThat(traffic(HOST, PEER)).hasValueSatisfying(live -> {
            assertThat(live.external()).isEqualTo(added.external());
            assertThat(live.left().seconds()).isBetween(3590L, 3600L);
        });
        assertThat(traffic(HOST, OTHER_PEER)).isEmpty();
    }

    @Test
    void whatGoesThroughAnExplicitMappingGoesWithIt() {
        var external = new Endpoint(alice.external(), 2001);
        var handle = done(cgn().createPcpMapping(new CgnMapping(alice.handle(), IpProtocol.UDP, HOST, external)));
        assertThat(traffic(HOST, PEER)).isEmpty();
        assertThat(world().outbound(world().alice(), HOST, PEER)).contains(external);
        assertThat(traffic(HOST, PEER)).hasValueSatisfying(live -> {
            assertThat(live.external()).isEqualTo(external);
            assertIdle(live);
        });
        done(cgn().deletePcpMapping(handle));
        assertThat(traffic(HOST, PEER)).isEmpty();
    }

    @Test
    void nobodyLearnsOfAnothersTraffic() {
        var bob = done(cgn().getSubscriber(world().bob()));
        world().outbound(world().alice(), new Endpoint(world().alice().address(), 8080), PEER);
        var hers = new Endpoint(world().alice().address(), 8080);
        assertFails(
                cgn().liveTraffic(new InternalTuple(bob.handle(), IpProtocol.UDP, hers), PEER),
                CgnError.NOT_AUTHORIZED);
        world().deleteSubscriber(world().bob());
        assertFails(
                cgn().liveTraffic(new InternalTuple(bob.handle(), IpProtocol.UDP, HOST), PEER),
                CgnError.INVALID_ARGUMENT);
    }
}
