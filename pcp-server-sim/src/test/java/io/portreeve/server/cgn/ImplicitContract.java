package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.HOST;
import static io.portreeve.server.cgn.CgnContract.LIMITS;
import static io.portreeve.server.cgn.CgnContract.POOL;
import static io.portreeve.server.cgn.CgnContract.assertFails;
import static io.portreeve.server.cgn.CgnContract.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every CGN does with implicit mappings, those of traffic and those it is asked for, and beside explicit ones. */
abstract class ImplicitContract {
    static final Endpoint PEER = new Endpoint(PcpAddress.parse("198.51.100.10"), 7000);
    static final Endpoint OTHER_PEER = new Endpoint(PcpAddress.parse("198.51.100.11"), 7000);
    static final Endpoint OTHER_HOST = new Endpoint(HOST.address(), 8081);
    static final Endpoint NO_HINT = new Endpoint(PcpAddress.ANY_IPV4, 0);
    static final Lifetime HOUR = new Lifetime(3600);

    private Subscriber alice;

    /** {@return the same one throughout a test} */
    abstract CgnWorld world();

    private Cgn cgn() {
        return world().cgn();
    }

    @BeforeEach
    void subscribe() throws Exception {
        alice = done(cgn().getSubscriber(world().alice()));
    }

    private void unlock() {
        done(cgn().unlockDynamic());
    }

    private DynamicMap add(Endpoint internal, Endpoint destination, Lifetime lifetime) {
        return done(cgn().addDynamicMap(
                        new InternalTuple(alice.handle(), IpProtocol.UDP, internal), destination, NO_HINT, lifetime));
    }

    private CgnMapping mapping(Endpoint internal, int port) {
        return new CgnMapping(alice.handle(), IpProtocol.UDP, internal, new Endpoint(alice.external(), port));
    }

    private static boolean isInPool(Endpoint external) {
        return POOL.stream()
                .filter(range -> range.external().equals(external.address()))
                .anyMatch(range -> range.firstPort() <= external.port() && external.port() <= range.lastPort());
    }

    @Test
    @Proves("pcp:N-09")
    void noneIsMadeBeforeTheUnlock() {
        done(cgn().createPcpMapping(mapping(OTHER_HOST, 2001)));
        assertThat(world().outbound(world().alice(), HOST, PEER)).isEmpty();
        assertFails(
                cgn().addDynamicMap(new InternalTuple(alice.handle(), IpProtocol.UDP, HOST), PEER, NO_HINT, HOUR),
                CgnError.NO_RESOURCES);
        assertThat(world().outbound(world().alice(), OTHER_HOST, PEER))
                .as("an explicit mapping serves already")
                .contains(new Endpoint(alice.external(), 2001));
        unlock();
        assertThat(world().outbound(world().alice(), HOST, PEER)).isPresent();
    }

    @Test
    @Proves("pcp:N-15")
    void itsPortIsNoneThatCouldBeAskedFor() {
        unlock();
        var external = world().outbound(world().alice(), HOST, PEER).orElseThrow();
        assertThat(external.address()).isEqualTo(alice.external());
        assertThat(isInPool(external)).isFalse();
        assertThat(isInPool(add(OTHER_HOST, PEER, HOUR).external())).isFalse();
    }

    @Test
    void itLetsInAnswersOnly() {
        unlock();
        var external = world().outbound(world().alice(), HOST, PEER).orElseThrow();
        assertThat(world().inbound(PEER, external, HOST)).isTrue();
        assertThat(world().inbound(OTHER_PEER, external, HOST)).isFalse();
    }

    /** Without traffic before, and without a way in for others. */
    @Test
    void whatIsAddedServesOnePeerInBothDirections() {
        unlock();
        var added = add(HOST, PEER, HOUR);
        assertThat(added.external().address()).isEqualTo(alice.external());
        assertThat(added.lifetime().seconds()).isBetween(3599L, 3600L);
        assertThat(world().inbound(PEER, added.external(), HOST)).isTrue();
        assertThat(world().inbound(OTHER_PEER, added.external(), HOST)).isFalse();
        assertThat(world().outbound(world().alice(), HOST, PEER)).contains(added.external());
    }

    @Test
    void whatIsAddedIsUsedByTheFirstPacket() {
        unlock();
        var added = add(HOST, PEER, HOUR);
        assertThat(world().outbound(world().alice(), HOST, PEER)).contains(added.external());
    }

    @Test
    void twoPeersOfOneEndpointShareItsPort() {
        unlock();
        var added = add(HOST, PEER, HOUR);
        assertThat(add(HOST, OTHER_PEER, HOUR).external()).isEqualTo(added.external());
        assertThat(add(OTHER_HOST, PEER, HOUR).external()).isNotEqualTo(added.external());
    }

    @Test
    void addingAgainMakesItLastLongerAndNeverShorter() {
        unlock();
        var added = add(HOST, PEER, HOUR);
        world().pass(Duration.ofMinutes(10));
        var asked = add(HOST, PEER, Lifetime.DELETE);
        assertThat(asked.external()).isEqualTo(added.external());
        assertThat(asked.lifetime().seconds()).isBetween(2990L, 3000L);
        var again = add(HOST, PEER, new Lifetime(7200));
        assertThat(again.external()).isEqualTo(added.external());
        assertThat(again.lifetime().seconds()).isBetween(7199L, 7200L);
    }

    @Test
    void trafficThatIsThereIsFound() {
        unlock();
        var external = world().outbound(world().alice(), HOST, PEER).orElseThrow();
        assertThat(add(HOST, PEER, HOUR).external()).isEqualTo(external);
        assertThat(world().outbound(world().alice(), HOST, PEER)).contains(external);
    }

    @Test
    void whatIsAddedLivesAsLongAsWasSaid() {
        unlock();
        var added = add(HOST, PEER, HOUR);
        world().pass(Duration.ofMinutes(59));
        assertThat(world().inbound(PEER, added.external(), HOST)).isTrue();
    }

    @Test
    void whatIsAddedExpires() {
        unlock();
        var added = add(HOST, PEER, HOUR);
        world().pass(Duration.ofMinutes(61));
        assertThat(world().inbound(PEER, added.external(), HOST)).isFalse();
    }

    @Test
    void whatHasExpiredComesBackWithAnotherPort() {
        unlock();
        add(HOST, PEER, HOUR);
        world().pass(Duration.ofMinutes(61));
        var ports = new HashSet<Integer>();
        for (int i = 0; i < 5; i++) {
            ports.add(add(HOST, PEER, HOUR).external().port());
            world().pass(Duration.ofMinutes(61));
        }
        assertThat(ports).as("another port by chance each time").hasSizeGreaterThan(1);
    }

    @Test
    void aSubscriberMayHaveSoManyAndAgainWhenTheyHaveGone() {
        unlock();
        for (int i = 0; i < LIMITS.implicitPerSubscriber(); i++) {
            add(new Endpoint(HOST.address(), 100 + i), PEER, HOUR);
        }
        assertFails(
                cgn().addDynamicMap(new InternalTuple(alice.handle(), IpProtocol.UDP, HOST), PEER, NO_HINT, HOUR),
                CgnError.QUOTA);
        add(new Endpoint(HOST.address(), 100), PEER, HOUR);
        world().pass(Duration.ofMinutes(61));
        add(HOST, PEER, HOUR);
    }

    @Test
    void aHintIsNoMoreThanThat() {
        unlock();
        var other = alice.external().equals(CgnContract.FIRST) ? CgnContract.SECOND : CgnContract.FIRST;
        assertFails(
                cgn().addDynamicMap(
                                new InternalTuple(alice.handle(), IpProtocol.UDP, HOST),
                                PEER,
                                new Endpoint(other, 40_000),
                                HOUR),
                CgnError.BAD_EXTERNAL_ADDRESS);
        var hinted = done(cgn().addDynamicMap(
                        new InternalTuple(alice.handle(), IpProtocol.UDP, HOST),
                        PEER,
                        new Endpoint(alice.external(), 2001),
                        HOUR));
        assertThat(isInPool(hinted.external())).isFalse();
    }

    @Test
    void itIsForHostsOfTheSubscriberOnly() {
        unlock();
        done(cgn().getSubscriber(world().bob()));
        for (var foreign : List.of(world().bob().address(), CgnContract.FIRST, PcpAddress.ANY_IPV4)) {
            assertFails(
                    cgn().addDynamicMap(
                                    new InternalTuple(alice.handle(), IpProtocol.UDP, new Endpoint(foreign, 1)),
                                    PEER,
                                    NO_HINT,
                                    HOUR),
                    CgnError.NOT_AUTHORIZED);
        }
        world().deleteSubscriber(world().alice());
        assertFails(
                cgn().addDynamicMap(new InternalTuple(alice.handle(), IpProtocol.UDP, HOST), PEER, NO_HINT, HOUR),
                CgnError.INVALID_ARGUMENT);
    }

    @Test
    void itIsForPeersThatThereMayBe() {
        unlock();
        for (var nobody : List.of(
                new Endpoint(PcpAddress.ANY_IPV4, 1),
                new Endpoint(PcpAddress.parse("224.0.0.1"), 1),
                new Endpoint(PEER.address(), 0))) {
            assertFails(
                    cgn().addDynamicMap(new InternalTuple(alice.handle(), IpProtocol.UDP, HOST), nobody, NO_HINT, HOUR),
                    CgnError.INVALID_ARGUMENT);
        }
    }

    @Test
    void whatAnExplicitMappingServesNeedsNoOther() {
        unlock();
        done(cgn().createPcpMapping(mapping(HOST, 2001)));
        assertFails(
                cgn().addDynamicMap(new InternalTuple(alice.handle(), IpProtocol.UDP, HOST), PEER, NO_HINT, HOUR),
                CgnError.COLLISION);
    }

    @Test
    void itGoesWithItsSubscriber() {
        unlock();
        var added = add(HOST, PEER, HOUR);
        world().deleteSubscriber(world().alice());
        assertThat(world().inbound(PEER, added.external(), HOST)).isFalse();
    }

    /** {@return an explicit mapping beside the traffic of the same host} Its port is the traffic's, if the CGN wants that. */
    private CgnMapping mappingBeside(Endpoint traffic) {
        var wanted = mapping(HOST, 2001);
        return givesOnePortToAllTraffic() ? mapping(HOST, traffic.port()) : wanted;
    }

    /** {@return true if an explicit mapping collides with traffic that has another port} */
    abstract boolean givesOnePortToAllTraffic();

    @Test
    @Proves({"pcp:N-16", "pcp:S-MAP-06"})
    void anExplicitMappingLivesBesideTheTrafficThatWasThere() {
        unlock();
        var before = world().outbound(world().alice(), HOST, PEER).orElseThrow();
        var mapping = mappingBeside(before);
        var handle = done(cgn().createPcpMapping(mapping));
        assertThat(world().outbound(world().alice(), HOST, PEER))
                .as("it goes on")
                .contains(before);
        assertThat(world().inbound(PEER, before, HOST)).isTrue();
        assertThat(world().outbound(world().alice(), HOST, OTHER_PEER))
                .as("new traffic")
                .contains(mapping.external());
        assertThat(world().inbound(OTHER_PEER, mapping.external(), HOST)).isTrue();
        done(cgn().deletePcpMapping(handle));
        assertThat(world().inbound(OTHER_PEER, mapping.external(), HOST)).isFalse();
        assertThat(world().outbound(world().alice(), HOST, PEER))
                .as("it goes on still")
                .contains(before);
        assertThat(world().inbound(PEER, before, HOST)).isTrue();
    }

    @Test
    void anExplicitMappingLivesBesideOneThatWasAdded() {
        unlock();
        var added = add(HOST, PEER, HOUR);
        var mapping = mappingBeside(added.external());
        done(cgn().createPcpMapping(mapping));
        assertThat(world().outbound(world().alice(), HOST, PEER)).contains(added.external());
        assertThat(world().outbound(world().alice(), HOST, OTHER_PEER)).contains(mapping.external());
        assertThat(add(HOST, PEER, HOUR).external()).isEqualTo(added.external());
    }

    @Test
    void anExplicitMappingServesAllPeersFromOnePort() {
        unlock();
        var mapping = mapping(HOST, 2001);
        done(cgn().createPcpMapping(mapping));
        for (var peer : List.of(PEER, OTHER_PEER)) {
            assertThat(world().inbound(peer, mapping.external(), HOST)).isTrue();
            assertThat(world().outbound(world().alice(), HOST, peer)).contains(mapping.external());
        }
    }

    @Test
    @Proves("pcp:S-LIFE-02")
    void aMappingOutlivesItsConnections() {
        unlock();
        var external = new Endpoint(alice.external(), 2001);
        done(cgn().createPcpMapping(new CgnMapping(alice.handle(), IpProtocol.TCP, HOST, external)));
        world().converse(PEER, external, HOST);
        world().converse(PEER, external, HOST);
        world().pass(Duration.ofHours(20));
        world().converse(PEER, external, HOST);
    }

    @Test
    void subscribersReachEachOtherByTheirExternalEndpoints() {
        unlock();
        var bob = done(cgn().getSubscriber(world().bob()));
        var external = mapping(HOST, 2001).external();
        done(cgn().createPcpMapping(mapping(HOST, 2001)));
        var from = world().bobsHost();
        assertThat(world().hairpin(world().bob(), from, external, HOST))
                .hasValueSatisfying(seen -> assertThat(seen.address()).isEqualTo(bob.external()));
        assertThat(world().hairpin(world().bob(), from, new Endpoint(alice.external(), 2002), HOST))
                .isEmpty();
    }
}
