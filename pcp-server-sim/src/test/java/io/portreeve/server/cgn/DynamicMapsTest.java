package io.portreeve.server.cgn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.DynamicMaps.Entry;
import io.portreeve.server.cgn.DynamicMaps.FiveTuple;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DynamicMapsTest {
    private static final PortSpan FOUR_PORTS = new PortSpan(40_000, 40_003);
    private static final Subscriber ALICE =
            new Subscriber(CgnContract.ALICE, new SubscriberHandle(1), CgnContract.FIRST);
    private static final PcpAddress PEER = PcpAddress.parse("198.51.100.10");
    private static final MonoTime NOW = MonoTime.START;

    private final DynamicMaps maps = new DynamicMaps(FOUR_PORTS, 10, Seeds.of(1));

    private static FiveTuple traffic(int internalPort, int remotePort) {
        var internal = new Endpoint(CgnContract.HOST.address(), internalPort);
        return new FiveTuple(IpProtocol.UDP, internal, new Endpoint(PEER, remotePort));
    }

    private Entry add(int internalPort, int remotePort) throws CgnException {
        return maps.add(ALICE, traffic(internalPort, remotePort), Optional.empty(), NOW);
    }

    private void assertFull(int internalPort) {
        assertThatThrownBy(() -> add(internalPort, 1))
                .isInstanceOfSatisfying(
                        CgnException.class, e -> assertThat(e.error()).isEqualTo(CgnError.NO_RESOURCES));
    }

    @Test
    void everyPortIsGivenOutOnceAndAgainWhenItsLastUserHasGone() throws Exception {
        var ports = new HashSet<Integer>();
        for (int port = 1; port <= 4; port++) {
            ports.add(add(port, 1).external().port());
        }
        assertThat(ports).hasSize(4).allMatch(FOUR_PORTS::contains);
        assertFull(5);
        var sibling = add(1, 2);
        assertThat(maps.remove(maps.find(traffic(1, 1)).orElseThrow())).isTrue();
        assertFull(5);
        assertThat(maps.remove(sibling)).isTrue();
        assertThat(maps.remove(sibling)).as("gone already").isFalse();
        assertThat(add(5, 1).external()).isEqualTo(sibling.external());
    }

    /** The kernel gives one port to two hosts if they talk to different peers. */
    @Test
    void aPortThatTrafficHasMayBeAnothersButNotTowardsTheSamePeer() throws Exception {
        var first = add(1, 1);
        var found = Optional.of(first.external());
        assertThat(maps.add(ALICE, traffic(2, 2), found, NOW).external()).isEqualTo(first.external());
        assertThatThrownBy(() -> maps.add(ALICE, traffic(3, 1), found, NOW)).isInstanceOf(CgnException.class);
        assertThat(maps.find(traffic(3, 1))).isEmpty();
    }

    /** It began while no rules were in force, or while its host had another address. */
    @Test
    void anEndpointThatNoTrafficWouldHaveNowIsNothingToGoBy() throws Exception {
        var explicit = Optional.of(new Endpoint(ALICE.external(), FOUR_PORTS.last() + 1));
        assertThat(maps.add(ALICE, traffic(1, 1), explicit, NOW).external().port())
                .matches(FOUR_PORTS::contains);
        var earlier = Optional.of(new Endpoint(PcpAddress.parse("203.0.114.9"), FOUR_PORTS.first()));
        assertThat(maps.add(ALICE, traffic(2, 1), earlier, NOW).external().address())
                .isEqualTo(ALICE.external());
    }

    @Test
    void theNextToExpireIsTheEarliestAndAPromiseIsKept() throws Exception {
        assertThat(maps.nextDue()).isEqualTo(MonoTime.NEVER);
        var hour = NOW.plus(Duration.ofHours(1));
        var day = NOW.plus(Duration.ofDays(1));
        var first = add(1, 1);
        var second = add(2, 1);
        assertThat(maps.promise(first, day)).isEqualTo(day);
        assertThat(maps.promise(second, hour)).isEqualTo(hour);
        assertThat(maps.promise(first, hour)).as("never shorter").isEqualTo(day);
        assertThat(maps.nextDue()).isEqualTo(hour);
        assertThat(maps.expire(hour)).containsExactly(second);
        assertThat(maps.nextDue()).isEqualTo(day);
        assertThat(maps.expire(day)).containsExactly(first);
        assertThat(maps.size()).isZero();
    }

    @Test
    void whatIsPromisedForLessThanTrafficWouldKeepItLivesAsLongAsThat() throws Exception {
        assertThat(maps.promise(add(1, 1), NOW)).isEqualTo(NOW.plus(Flow.UDP_IDLE));
    }

    @Test
    void whatWasRemovedDoesNotExpire() throws Exception {
        var entry = add(1, 1);
        var until = maps.promise(entry, NOW);
        assertThat(maps.removeOf(ALICE.handle())).containsExactly(entry);
        assertThat(maps.expire(until)).isEmpty();
        assertThat(maps.removeOf(ALICE.handle())).isEmpty();
    }
}
