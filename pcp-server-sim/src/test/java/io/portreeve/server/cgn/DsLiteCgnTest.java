package io.portreeve.server.cgn;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.server.softwire.InnerHost;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The contract, and what a CGN of homes with tunnels does besides. */
final class DsLiteCgnTest extends CgnContract {
    private static final Duration LONG = Duration.ofHours(3);

    private final DsLiteWorld world = new DsLiteWorld();
    private final DsLiteCgn cgn = world.cgn;

    @Override
    CgnWorld world() {
        return world;
    }

    private static PcpAddress host(int number) {
        return PcpAddress.parse("192.168.1." + number);
    }

    private static CgnMapping mapping(Subscriber home, PcpAddress host, int port) {
        return new CgnMapping(
                home.handle(), IpProtocol.UDP, new Endpoint(host, 8080), new Endpoint(home.external(), port));
    }

    /** A home has private addresses, and may have those that others have. */
    @Test
    @Override
    @Proves("pcp:N-04")
    void aMappingLeadsToHostsOfItsSubscriberOnly() {
        var alice = done(cgn.getSubscriber(DsLiteWorld.ALICE));
        for (var internal : List.of(
                DsLiteWorld.ALICE.address(),
                DsLiteWorld.BOB.address(),
                FIRST,
                PcpAddress.parse("100.96.0.1"),
                PcpAddress.ANY_IPV4,
                PcpAddress.parse("224.0.0.1"))) {
            assertFails(cgn.createPcpMapping(mapping(alice, internal, 2001)), CgnError.NOT_AUTHORIZED);
        }
        var b4Itself = PcpAddress.parse("192.0.0.2");
        assertThat(done(cgn.createPcpMapping(mapping(alice, b4Itself, 2001)))).isNotNull();
    }

    @Test
    @Proves("pcp:N-02")
    void aSubscriberIsKnownByTheIpv6AddressOfItsTunnel() {
        var alice = done(cgn.getSubscriber(DsLiteWorld.ALICE));
        assertThat(alice.id()).isEqualTo(DsLiteWorld.ALICE);
        assertThat(done(cgn.getSubscriber(DsLiteWorld.ALICE))).isEqualTo(alice);
        for (var nobody : List.of(DsLiteWorld.STRANGER, new SubscriberId(host(10)))) {
            assertFails(cgn.getSubscriber(nobody), CgnError.NOT_AUTHORIZED);
            assertFails(cgn.createSubscriber(nobody, FIRST), CgnError.NOT_AUTHORIZED);
        }
        var bob = done(cgn.getSubscriber(DsLiteWorld.BOB));
        var oneTooMany = new SubscriberId(PcpAddress.parse("2001:db8:64::4"));
        assertFails(cgn.getSubscriber(oneTooMany), CgnError.NO_RESOURCES);
        assertFails(cgn.createSubscriber(oneTooMany, FIRST), CgnError.NO_RESOURCES);
        assertThat(done(cgn.createSubscriber(DsLiteWorld.BOB, bob.external()))).isEqualTo(bob);
    }

    @Test
    void aHomeHasSoManyHosts() {
        done(cgn.unlockDynamic());
        var alice = done(cgn.getSubscriber(DsLiteWorld.ALICE));
        for (int i = 1; i <= DsLiteWorld.HOSTS_PER_HOME; i++) {
            assertThat(world.enter(DsLiteWorld.ALICE, host(i))).isPresent();
        }
        assertThat(world.enter(DsLiteWorld.ALICE, host(99))).isEmpty();
        assertFails(cgn.createPcpMapping(mapping(alice, host(99), 2001)), CgnError.NO_RESOURCES);
        assertThat(world.enter(DsLiteWorld.BOB, host(99))).isPresent();
    }

    /** {@return a NAT that knows the host it is told of when {@code known} says so} */
    private static HostedCgn slow(HostedCgn nat, CompletableFuture<Subscriber> known) {
        return (HostedCgn) Proxy.newProxyInstance(
                HostedCgn.class.getClassLoader(),
                new Class<?>[] {HostedCgn.class},
                (_, method, arguments) ->
                        method.getName().equals("createSubscriber") ? known : method.invoke(nat, arguments));
    }

    /** Expects what was asked while the NAT did not know the host not to be done when something else has {@code happened}. */
    private void assertNotDoneAfter(Consumer<DsLiteCgn> happened) {
        var known = new CompletableFuture<Subscriber>();
        var before = world.before(slow(world.mock.cgn, known));
        var alice = done(before.getSubscriber(DsLiteWorld.ALICE));
        var asked = before.createPcpMapping(mapping(alice, host(1), 2001));
        assertThat(asked.toCompletableFuture()).isNotDone();
        happened.accept(before);
        var inside = new SubscriberId(PcpAddress.parse("100.96.0.1"));
        known.complete(done(world.mock.cgn.createSubscriber(inside, alice.external())));
        assertFails(asked, CgnError.INVALID_ARGUMENT);
        assertThat(world.mock.cgn.table()).isEmpty();
    }

    @Test
    void whatWasAskedBeforeTheServerWentIsNotDoneAfter() {
        assertNotDoneAfter(cgn -> done(cgn.flush()));
    }

    @Test
    void whatWasAskedBeforeItsHomeWentIsNotDoneAfter() {
        assertNotDoneAfter(cgn -> done(cgn.deleteSubscriber(DsLiteWorld.ALICE)));
    }

    @Test
    void twoHomesMapTheSameHost() {
        var alice = done(cgn.getSubscriber(DsLiteWorld.ALICE));
        var bob = done(cgn.getSubscriber(DsLiteWorld.BOB));
        done(cgn.createPcpMapping(mapping(alice, host(10), 2001)));
        done(cgn.createPcpMapping(mapping(bob, host(10), 2002)));
        var stranger = new Endpoint(PcpAddress.parse("198.51.100.10"), 7000);
        assertThat(world.arrival(stranger, new Endpoint(alice.external(), 2001)))
                .contains(new InnerHost(DsLiteWorld.ALICE.address(), host(10)));
        assertThat(world.arrival(stranger, new Endpoint(bob.external(), 2002)))
                .contains(new InnerHost(DsLiteWorld.BOB.address(), host(10)));
        assertThat(cgn.table())
                .containsExactly(
                        new LocalCgn.Entry(DsLiteWorld.ALICE, mapping(alice, host(10), 2001)),
                        new LocalCgn.Entry(DsLiteWorld.BOB, mapping(bob, host(10), 2002)));
    }

    @Test
    void aDeletedHomesHostsGoWithIt() {
        var alice = done(cgn.getSubscriber(DsLiteWorld.ALICE));
        done(cgn.createPcpMapping(mapping(alice, host(10), 2001)));
        var bob = done(cgn.getSubscriber(DsLiteWorld.BOB));
        done(cgn.createPcpMapping(mapping(bob, host(10), 2002)));
        done(cgn.deleteSubscriber(DsLiteWorld.ALICE));
        assertThat(cgn.table()).containsExactly(new LocalCgn.Entry(DsLiteWorld.BOB, mapping(bob, host(10), 2002)));
        assertThat(world.mock.cgn.table()).hasSize(1);
        assertThat(world.cuts).hasSize(1).allMatch(cut -> cut.size() == 1);
    }

    @Test
    void oneWhoHasOnlySentIsDeletedWithoutAWord() {
        var deleted = new ArrayList<SubscriberHandle>();
        cgn.onDeletedSubscriber(deleted::add);
        done(cgn.unlockDynamic());
        var inside = world.enter(DsLiteWorld.ALICE, host(10)).orElseThrow();
        done(cgn.deleteSubscriber(DsLiteWorld.ALICE));
        assertThat(deleted).isEmpty();
        assertThat(world.cuts).containsExactly(Set.of(inside));
        assertThat(cgn.hostAt(inside)).isEmpty();
    }

    /** Else what the kernel still carries would go to another home. */
    @Test
    void nobodyGetsAnInsideAddressBeforeItsConnectionsAreCut() {
        done(cgn.unlockDynamic());
        for (int i = 1; i <= DsLiteWorld.HOSTS - 1; i++) {
            world.enter(i < 4 ? DsLiteWorld.ALICE : DsLiteWorld.BOB, host(i)).orElseThrow();
        }
        world.cutting = new CompletableFuture<>();
        cgn.deleteSubscriber(DsLiteWorld.ALICE);
        assertThat(world.enter(DsLiteWorld.BOB, host(8)))
                .as("the last that nobody had")
                .isPresent();
        assertThat(world.enter(DsLiteWorld.BOB, host(9))).isEmpty();
        world.cutting.complete(null);
        assertThat(world.enter(DsLiteWorld.BOB, host(9))).isPresent();
    }

    @Test
    void hostsThatAreIdleMakeRoomButNotTheMapped() {
        done(cgn.unlockDynamic());
        var alice = done(cgn.getSubscriber(DsLiteWorld.ALICE));
        done(cgn.createPcpMapping(mapping(alice, host(1), 2001)));
        for (int i = 2; i <= DsLiteWorld.HOSTS_PER_HOME; i++) {
            world.enter(DsLiteWorld.ALICE, host(i)).orElseThrow();
        }
        world.pass(LONG);
        var active = world.enter(DsLiteWorld.ALICE, host(2)).orElseThrow();
        assertThat(world.enter(DsLiteWorld.ALICE, host(9)))
                .as("the first time they go")
                .isEmpty();
        assertThat(world.enter(DsLiteWorld.ALICE, host(9))).isPresent();
        assertThat(world.enter(DsLiteWorld.ALICE, host(2))).contains(active);
        assertThat(cgn.table()).hasSize(1);
        assertThat(world.cuts).singleElement().satisfies(cut -> assertThat(cut).hasSize(2));
    }

    @Test
    void whatIsPromisedIsNotIdle() {
        done(cgn.unlockDynamic());
        var alice = done(cgn.getSubscriber(DsLiteWorld.ALICE));
        for (int i = 1; i <= DsLiteWorld.HOSTS_PER_HOME; i++) {
            done(cgn.addDynamicMap(
                    new InternalTuple(alice.handle(), IpProtocol.UDP, new Endpoint(host(i), 5000)),
                    ImplicitContract.PEER,
                    ImplicitContract.NO_HINT,
                    new Lifetime(86_400)));
        }
        world.pass(LONG);
        assertThat(world.enter(DsLiteWorld.ALICE, host(9))).isEmpty();
        assertThat(world.enter(DsLiteWorld.ALICE, host(9))).isEmpty();
        assertThat(world.cuts).isEmpty();
    }

    @Test
    void theMappingsGoWithTheServerAndTheHomesStay() {
        var alice = done(cgn.getSubscriber(DsLiteWorld.ALICE));
        done(cgn.createPcpMapping(mapping(alice, host(1), 2001)));
        done(cgn.unlockDynamic());
        done(cgn.flush());
        assertThat(cgn.table()).isEmpty();
        assertThat(done(cgn.getSubscriber(DsLiteWorld.ALICE))).isEqualTo(alice);
        assertThat(world.enter(DsLiteWorld.ALICE, host(2))).as("locked").isEmpty();
        done(cgn.createPcpMapping(mapping(alice, host(1), 2001)));
        assertThat(cgn.table()).hasSize(1);
    }

    @Test
    void whatNoHomeCanHaveDoesNotEnter() {
        done(cgn.unlockDynamic());
        assertThat(world.enter(DsLiteWorld.ALICE, PcpAddress.parse("198.51.100.10")))
                .isEmpty();
        assertThat(world.enter(DsLiteWorld.ALICE, PcpAddress.parse("100.96.0.1")))
                .isEmpty();
        assertThat(world.enter(DsLiteWorld.STRANGER, host(1))).isEmpty();
    }
}
