package io.portreeve.server.cgn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every CGN does with subscribers and their mappings, whatever it is made of. */
abstract class CgnContract {
    static final int CAPACITY = 3;
    static final CgnLimits LIMITS = new CgnLimits(CAPACITY, 2);
    static final PcpAddress FIRST = PcpAddress.parse("203.0.114.1");
    static final PcpAddress SECOND = PcpAddress.parse("203.0.114.2");
    static final List<PoolRange> POOL = List.of(
            new PoolRange(FIRST, IpProtocol.TCP, 1024, 32_767),
            new PoolRange(FIRST, IpProtocol.UDP, 1024, 32_767),
            new PoolRange(SECOND, IpProtocol.TCP, 1024, 32_767),
            new PoolRange(SECOND, IpProtocol.UDP, 1024, 32_767));
    static final SubscriberId ALICE = new SubscriberId(PcpAddress.parse("100.64.0.2"));
    static final SubscriberId BOB = new SubscriberId(PcpAddress.parse("100.64.0.3"));
    static final Endpoint HOST = new Endpoint(PcpAddress.parse("192.168.1.10"), 8080);

    /** {@return the same one throughout a test} */
    abstract CgnWorld world();

    private Cgn cgn() {
        return world().cgn();
    }

    static <T> T done(CompletionStage<T> call) {
        return call.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    static void assertFails(CompletionStage<?> call, CgnError error) {
        assertThatThrownBy(() -> done(call))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        CgnException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    static CgnMapping mapping(Subscriber subscriber, int internalPort, int externalPort) {
        return new CgnMapping(
                subscriber.handle(),
                IpProtocol.TCP,
                new Endpoint(HOST.address(), internalPort),
                new Endpoint(subscriber.external(), externalPort));
    }

    @Test
    @Proves("pcp:N-01")
    void listsOneRangeForEachProtocolAndAddress() {
        assertThat(done(cgn().listPcpPool())).containsExactlyInAnyOrderElementsOf(POOL);
    }

    @Test
    void aSubscriberKeepsItsHandleAndItsExternalAddress() {
        var alice = done(cgn().getSubscriber(world().alice()));
        done(cgn().getSubscriber(world().bob()));
        assertThat(alice.external()).isIn(FIRST, SECOND);
        assertThat(done(cgn().getSubscriber(world().alice()))).isEqualTo(alice);
        assertThat(done(cgn().createSubscriber(world().alice(), alice.external())))
                .isEqualTo(alice);
    }

    @Test
    void anExternalAddressCanBeEnforcedOnceOnly() {
        assertThat(done(cgn().createSubscriber(world().alice(), SECOND)).external())
                .isEqualTo(SECOND);
        assertFails(cgn().createSubscriber(world().alice(), FIRST), CgnError.OTHER_EXTERNAL_ADDRESS);
        assertThat(done(cgn().getSubscriber(world().alice())).external()).isEqualTo(SECOND);
        assertFails(
                cgn().createSubscriber(world().bob(), PcpAddress.parse("203.0.114.9")), CgnError.BAD_EXTERNAL_ADDRESS);
    }

    @Test
    void anyExternalAddressMayBeEnforcedToo() {
        var alice = done(cgn().createSubscriber(world().alice(), PcpAddress.ANY_IPV4));
        assertThat(alice.external()).isIn(FIRST, SECOND);
        assertThat(done(cgn().createSubscriber(world().alice(), PcpAddress.ANY_IPV4)))
                .isEqualTo(alice);
        assertThat(done(cgn().getSubscriber(world().alice()))).isEqualTo(alice);
    }

    @Test
    void aBlockedSubscriberIsNotAuthorised() {
        world().block(world().alice());
        assertFails(cgn().getSubscriber(world().alice()), CgnError.NOT_AUTHORIZED);
        assertFails(cgn().createSubscriber(world().alice(), FIRST), CgnError.NOT_AUTHORIZED);
    }

    @Test
    @Proves("pcp:N-04")
    void creatingTheSameMappingTwiceMakesOne() {
        var alice = done(cgn().getSubscriber(world().alice()));
        var handle = done(cgn().createPcpMapping(mapping(alice, 1, 2001)));
        assertThat(done(cgn().createPcpMapping(mapping(alice, 1, 2001)))).isEqualTo(handle);
        assertThat(done(cgn().createPcpMapping(mapping(alice, 2, 2002)))).isNotEqualTo(handle);
    }

    @Test
    @Proves("pcp:N-04")
    void aMappingLeadsToHostsOfItsSubscriberOnly() {
        var alice = done(cgn().getSubscriber(world().alice()));
        done(cgn().getSubscriber(world().bob()));
        for (var internal :
                List.of(world().bob().address(), FIRST, PcpAddress.ANY_IPV4, PcpAddress.parse("224.0.0.1"))) {
            var foreign = new CgnMapping(
                    alice.handle(), IpProtocol.TCP, new Endpoint(internal, 1), new Endpoint(alice.external(), 2001));
            assertFails(cgn().createPcpMapping(foreign), CgnError.NOT_AUTHORIZED);
        }
        var own = new CgnMapping(
                alice.handle(),
                IpProtocol.TCP,
                new Endpoint(world().alice().address(), 1),
                new Endpoint(alice.external(), 2001));
        assertThat(done(cgn().createPcpMapping(own))).isNotNull();
    }

    @Test
    void aMappingHasItsSubscribersExternalAddress() {
        var alice = done(cgn().getSubscriber(world().alice()));
        var other = alice.external().equals(FIRST) ? SECOND : FIRST;
        var crossed = new CgnMapping(alice.handle(), IpProtocol.TCP, HOST, new Endpoint(other, 2001));
        assertFails(cgn().createPcpMapping(crossed), CgnError.BAD_EXTERNAL_ADDRESS);
    }

    @Test
    @Proves("rel:I1")
    void anExternalPortLeadsToOneHost() {
        var alice = done(cgn().getSubscriber(world().alice()));
        done(cgn().createPcpMapping(mapping(alice, 1, 2001)));
        assertFails(cgn().createPcpMapping(mapping(alice, 2, 2001)), CgnError.INVALID_ARGUMENT);
        assertFails(cgn().createPcpMapping(mapping(alice, 1, 2002)), CgnError.INVALID_ARGUMENT);
    }

    @Test
    @Proves("pcp:N-04")
    void aFullCgnSaysSo() {
        var alice = done(cgn().getSubscriber(world().alice()));
        for (int i = 1; i <= CAPACITY; i++) {
            done(cgn().createPcpMapping(mapping(alice, i, 2000 + i)));
        }
        assertFails(cgn().createPcpMapping(mapping(alice, 9, 2009)), CgnError.NO_RESOURCES);
    }

    @Test
    @Proves("pcp:N-05")
    void aDeletedMappingIsGoneAndItsHandleDead() {
        var alice = done(cgn().getSubscriber(world().alice()));
        var handle = done(cgn().createPcpMapping(mapping(alice, 1, 2001)));
        done(cgn().deletePcpMapping(handle));
        assertFails(cgn().deletePcpMapping(handle), CgnError.INVALID_ARGUMENT);
        done(cgn().createPcpMapping(mapping(alice, 2, 2001)));
    }

    @Test
    void aDeletedSubscriberIsToldWithAllItsHandlesDead() {
        var deleted = new ArrayList<SubscriberHandle>();
        cgn().onDeletedSubscriber(deleted::add);
        var alice = done(cgn().getSubscriber(world().alice()));
        var handle = done(cgn().createPcpMapping(mapping(alice, 1, 2001)));
        world().deleteSubscriber(world().alice());
        assertThat(deleted).containsExactly(alice.handle());
        assertFails(cgn().deletePcpMapping(handle), CgnError.INVALID_ARGUMENT);
        assertFails(cgn().createPcpMapping(mapping(alice, 2, 2002)), CgnError.INVALID_ARGUMENT);
        assertThat(done(cgn().getSubscriber(world().alice())).handle()).isNotEqualTo(alice.handle());
    }
}
