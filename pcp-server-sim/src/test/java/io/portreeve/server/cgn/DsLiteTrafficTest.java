package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.HOST;
import static io.portreeve.server.cgn.CgnContract.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import org.junit.jupiter.api.Test;

final class DsLiteTrafficTest extends TrafficContract {
    private final DsLiteWorld world = new DsLiteWorld();

    @Override
    CgnWorld world() {
        return world;
    }

    /** Bob may ask about the same address: it is his own host that he asks about. */
    @Test
    @Override
    void nobodyLearnsOfAnothersTraffic() {
        var bob = done(world.cgn.getSubscriber(DsLiteWorld.BOB));
        assertThat(world.outbound(DsLiteWorld.ALICE, HOST, ImplicitContract.PEER))
                .isPresent();
        assertThat(done(world.cgn.liveTraffic(
                        new InternalTuple(bob.handle(), IpProtocol.UDP, HOST), ImplicitContract.PEER)))
                .isEmpty();
    }
}
