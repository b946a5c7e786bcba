package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.ALICE;
import static io.portreeve.server.cgn.CgnContract.HOST;
import static io.portreeve.server.cgn.CgnContract.assertFails;
import static io.portreeve.server.cgn.CgnContract.done;
import static io.portreeve.server.cgn.ImplicitContract.PEER;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.OwnNetwork;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Traffic as the kernel knows it: connection by connection, each with a port of its own. */
@ExtendWith(OwnNetwork.class)
final class NftablesTrafficTest extends TrafficContract {
    private KernelWorld world;

    @BeforeEach
    @Override
    void serveAlice() throws Exception {
        world = new KernelWorld();
        super.serveAlice();
    }

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    @Override
    CgnWorld world() {
        return world;
    }

    /** To find them it would have to look at all connections of all subscribers. */
    @Test
    void theConnectionsOfAHostAreNotCounted() {
        var alice = done(world.cgn().getSubscriber(ALICE));
        assertFails(
                world.cgn().liveTraffic(new InternalTuple(alice.handle(), IpProtocol.UDP, HOST), ANYBODY),
                CgnError.UNSUPPORTED);
    }

    @Test
    void whatWasBegunFromOutsideIsTrafficToo() {
        var alice = done(world.cgn().getSubscriber(ALICE));
        var external = new Endpoint(alice.external(), 2001);
        done(world.cgn().createPcpMapping(new CgnMapping(alice.handle(), IpProtocol.UDP, HOST, external)));
        assertThat(world.inbound(PEER, external, HOST)).isTrue();
        assertThat(done(world.cgn().liveTraffic(new InternalTuple(alice.handle(), IpProtocol.UDP, HOST), PEER)))
                .map(LiveTraffic::external)
                .contains(external);
    }

    /** Connections of two hosts to two peers may share it, and a mapping would take them for one. */
    @Test
    @Proves("pcp:N-15")
    void thePortOfAConnectionIsNoMappings() {
        var alice = done(world.cgn().getSubscriber(ALICE));
        var external = world.outbound(ALICE, HOST, PEER).orElseThrow();
        assertFails(
                world.cgn().createPcpMapping(new CgnMapping(alice.handle(), IpProtocol.UDP, HOST, external)),
                CgnError.BAD_EXTERNAL_ADDRESS);
        assertThat(world.outbound(ALICE, HOST, PEER)).contains(external);
    }
}
