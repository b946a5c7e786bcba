package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.LIMITS;
import static io.portreeve.server.cgn.CgnContract.assertFails;
import static io.portreeve.server.cgn.CgnContract.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.Seeds;
import org.junit.jupiter.api.Test;

/** A mock that translates nothing, as its PCP server may ask it. */
final class MockFirewallTest extends FirewallContract {
    private static final Endpoint PEER = new Endpoint(PcpAddress.parse("2001:db8:9::10"), 7000);

    private final MockCgn cgn = new MockCgn(PoolRange.ofFirewall(), LIMITS, () -> MonoTime.START, Seeds.of(1));

    @Override
    HostedCgn cgn() {
        return cgn;
    }

    @Test
    void aFlowMayBeAskedForWithItsOwnAddressAlone() {
        cgn.unlockDynamic();
        var alice = done(cgn.getSubscriber(ALICE)).handle();
        var hour = new Lifetime(3600);
        var wrong = new Endpoint(BOB.address(), 0);
        assertFails(
                cgn.addDynamicMap(new InternalTuple(alice, IpProtocol.TCP, HOST), PEER, wrong, hour),
                CgnError.BAD_EXTERNAL_ADDRESS);
        var right = new Endpoint(ALICE.address(), 0);
        assertThat(done(cgn.addDynamicMap(new InternalTuple(alice, IpProtocol.TCP, HOST), PEER, right, hour))
                        .external())
                .isEqualTo(HOST);
        assertThat(cgn.inbound(Packet.outside(IpProtocol.TCP, PEER, HOST))).isPresent();
    }

    @Test
    void beforeTheUnlockNoTrafficOpensAWay() {
        done(cgn.getSubscriber(ALICE));
        var packet = Packet.inside(ALICE, IpProtocol.TCP, HOST, PEER);
        assertThat(cgn.outbound(packet)).isEmpty();
        assertThat(cgn.inbound(Packet.outside(IpProtocol.TCP, PEER, HOST))).isEmpty();
        cgn.unlockDynamic();
        assertThat(cgn.outbound(packet)).isPresent();
    }

    /** Whose packets have another's address is not let out, while that one has a way open. */
    @Test
    void anEndpointIsOfOneSubscriberAtATime() {
        cgn.unlockDynamic();
        var shared = new Endpoint(PcpAddress.parse("2001:db8:5:1::33"), 1);
        assertThat(cgn.outbound(Packet.inside(ALICE, IpProtocol.TCP, shared, PEER)))
                .isPresent();
        assertThat(cgn.outbound(Packet.inside(BOB, IpProtocol.TCP, shared, PEER)))
                .isEmpty();
        done(cgn.deleteSubscriber(ALICE));
        assertThat(cgn.outbound(Packet.inside(BOB, IpProtocol.TCP, shared, PEER)))
                .isPresent();
    }
}
