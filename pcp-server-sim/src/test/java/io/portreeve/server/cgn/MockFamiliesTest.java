package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.ALICE;
import static io.portreeve.server.cgn.CgnContract.HOST;
import static io.portreeve.server.cgn.CgnContract.assertFails;
import static io.portreeve.server.cgn.CgnContract.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A mock CGN with external addresses of both families. */
final class MockFamiliesTest {
    private static final PcpAddress IPV6 = PcpAddress.parse("2001:db8:0:1::1");
    private static final PcpAddress OTHER_IPV6 = PcpAddress.parse("2001:db8:0:1::2");
    private static final Endpoint PEER = new Endpoint(PcpAddress.parse("198.51.100.10"), 7000);
    private static final Endpoint PEER_ON_IPV6 = new Endpoint(PcpAddress.parse("2001:db8:9::10"), 7000);

    private final MockCgn cgn = mock(
            new PoolRange(CgnContract.FIRST, IpProtocol.UDP, 1024, 32_767),
            new PoolRange(IPV6, IpProtocol.UDP, 1024, 32_767),
            new PoolRange(OTHER_IPV6, IpProtocol.UDP, 1024, 32_767));

    private static MockCgn mock(PoolRange... pool) {
        return new MockCgn(List.of(pool), CgnContract.LIMITS, () -> MonoTime.START, Seeds.of(1));
    }

    private static Optional<PcpAddress> leavesFrom(MockCgn cgn, SubscriberId line, Endpoint remote) {
        var inside = new Endpoint(line.address(), HOST.port());
        return cgn.outbound(Packet.inside(line, IpProtocol.UDP, inside, remote))
                .map(packet -> packet.source().address());
    }

    @Test
    void aSubscriberHasAStableAddressAndAHandleForEach() {
        var ipv4 = done(cgn.createSubscriber(ALICE, PcpAddress.ANY_IPV4));
        var ipv6 = done(cgn.createSubscriber(ALICE, OTHER_IPV6));
        assertThat(ipv4.external()).isEqualTo(CgnContract.FIRST);
        assertThat(ipv6.external()).isEqualTo(OTHER_IPV6);
        assertThat(ipv6.handle()).isNotEqualTo(ipv4.handle());
        assertThat(done(cgn.createSubscriber(ALICE, PcpAddress.ANY_IPV6))).isEqualTo(ipv6);
        assertFails(cgn.createSubscriber(ALICE, IPV6), CgnError.OTHER_EXTERNAL_ADDRESS);
    }

    @Test
    void whoDoesNotSayGetsOneOfItsOwnFamily() {
        var onIpv6 = new SubscriberId(PcpAddress.parse("2001:db8:5::2"));
        assertThat(done(cgn.getSubscriber(ALICE)).external()).isEqualTo(CgnContract.FIRST);
        assertThat(done(cgn.getSubscriber(onIpv6)).external()).isIn(IPV6, OTHER_IPV6);
        var nat64 = mock(new PoolRange(CgnContract.FIRST, IpProtocol.UDP, 1024, 32_767));
        assertThat(done(nat64.getSubscriber(onIpv6)).external()).isEqualTo(CgnContract.FIRST);
        assertFails(nat64.createSubscriber(onIpv6, PcpAddress.ANY_IPV6), CgnError.NO_RESOURCES);
    }

    @Test
    void trafficHasTheAddressOfItsDestinationsFamilyIfThereIsOne() {
        cgn.unlockDynamic();
        assertThat(leavesFrom(cgn, ALICE, PEER)).contains(CgnContract.FIRST);
        assertThat(leavesFrom(cgn, ALICE, PEER_ON_IPV6))
                .contains(done(cgn.createSubscriber(ALICE, PcpAddress.ANY_IPV6)).external());
        var nat64 = mock(new PoolRange(CgnContract.FIRST, IpProtocol.UDP, 1024, 32_767));
        nat64.unlockDynamic();
        assertThat(leavesFrom(nat64, ALICE, PEER_ON_IPV6)).contains(CgnContract.FIRST);
    }

    @Test
    void eachIsDeletedAndToldByItself() {
        var deleted = new ArrayList<SubscriberHandle>();
        cgn.onDeletedSubscriber(deleted::add);
        var ipv4 = done(cgn.createSubscriber(ALICE, PcpAddress.ANY_IPV4)).handle();
        var ipv6 = done(cgn.createSubscriber(ALICE, PcpAddress.ANY_IPV6)).handle();
        done(cgn.deleteSubscriber(ALICE, IPV6));
        assertThat(deleted).containsExactly(ipv6);
        var again = done(cgn.createSubscriber(ALICE, PcpAddress.ANY_IPV6)).handle();
        done(cgn.deleteSubscriber(ALICE));
        assertThat(deleted).containsExactlyInAnyOrder(ipv6, ipv4, again);
    }
}
