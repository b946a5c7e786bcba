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
import java.util.List;
import org.junit.jupiter.api.Test;

/** A mock that translates nothing, as its PCP server may ask it. */
final class MockFirewallTest {
    private static final SubscriberId ALICE = new SubscriberId(PcpAddress.parse("2001:db8:5::2"));
    private static final SubscriberId BOB = new SubscriberId(PcpAddress.parse("2001:db8:5::3"));
    private static final SubscriberId CAROL = new SubscriberId(PcpAddress.parse("100.64.0.2"));
    private static final Endpoint HOST = new Endpoint(ALICE.address(), 8080);
    private static final Endpoint PEER = new Endpoint(PcpAddress.parse("2001:db8:9::10"), 7000);

    private final MockCgn cgn = new MockCgn(PoolRange.ofFirewall(), LIMITS, () -> MonoTime.START, Seeds.of(1));

    @Test
    void aSubscribersExternalAddressIsItsOwn() {
        for (var id : List.of(ALICE, CAROL)) {
            var subscriber = done(cgn.getSubscriber(id));
            assertThat(subscriber.external()).isEqualTo(id.address());
            assertThat(done(cgn.createSubscriber(id, id.address()))).isEqualTo(subscriber);
            assertThat(done(cgn.createSubscriber(id, id.address().anyOfFamily())))
                    .isEqualTo(subscriber);
        }
        assertFails(cgn.createSubscriber(ALICE, BOB.address()), CgnError.BAD_EXTERNAL_ADDRESS);
        assertFails(cgn.createSubscriber(ALICE, PcpAddress.ANY_IPV4), CgnError.NO_RESOURCES);
        assertFails(cgn.createSubscriber(CAROL, PcpAddress.ANY_IPV6), CgnError.NO_RESOURCES);
    }

    @Test
    void aMappingChangesNeitherAddressNorPort() {
        var alice = done(cgn.getSubscriber(ALICE));
        for (var other : List.of(new Endpoint(BOB.address(), 8080), new Endpoint(ALICE.address(), 8081))) {
            var changed = new CgnMapping(alice.handle(), IpProtocol.SCTP, HOST, other);
            assertFails(cgn.createPcpMapping(changed), CgnError.BAD_EXTERNAL_ADDRESS);
        }
        done(cgn.createPcpMapping(new CgnMapping(alice.handle(), IpProtocol.SCTP, HOST, HOST)));
    }

    @Test
    void aFlowMayBeAskedForWithItsOwnAddressAlone() {
        cgn.unlockDynamic();
        var alice = done(cgn.getSubscriber(ALICE)).handle();
        var hour = new Lifetime(3600);
        var wrong = new Endpoint(BOB.address(), 0);
        assertFails(cgn.addDynamicMap(alice, IpProtocol.TCP, HOST, PEER, wrong, hour), CgnError.BAD_EXTERNAL_ADDRESS);
        var right = new Endpoint(ALICE.address(), 0);
        assertThat(done(cgn.addDynamicMap(alice, IpProtocol.TCP, HOST, PEER, right, hour))
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
