package io.portreeve.server.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.runtime.BootClock;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.CgnException;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.CgnLimits;
import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.MockCgn;
import io.portreeve.server.cgn.Packet;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.testing.Await;
import io.portreeve.testing.Failures;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What outlives a session: CGN and server are in one program here, and a real connection between them. */
class RemoteCgnSessionTest {
    private static final PcpAddress FIRST = PcpAddress.parse("203.0.114.1");
    private static final PcpAddress SECOND = PcpAddress.parse("203.0.114.2");
    private static final SubscriberId ALICE = new SubscriberId(PcpAddress.parse("100.64.0.2"));
    private static final SubscriberId BOB = new SubscriberId(PcpAddress.parse("100.64.0.3"));
    private static final Endpoint REMOTE = new Endpoint(PcpAddress.parse("198.51.100.10"), 7000);
    private static final Endpoint STRANGER = new Endpoint(PcpAddress.parse("198.51.100.11"), 7000);
    private static final List<PoolRange> POOL = List.of(
            new PoolRange(FIRST, IpProtocol.UDP, 2000, 2999), new PoolRange(SECOND, IpProtocol.UDP, 2000, 2999));
    private static final Duration LONG = Duration.ofSeconds(60);

    private final BootClock clock = new BootClock();
    /** Until when the CGN was certain to be there, and whether that was later than when it was told. */
    private final List<MonoTime> alive = new CopyOnWriteArrayList<>();

    private final List<Boolean> isThere = new CopyOnWriteArrayList<>();
    private final AtomicBoolean throwsOnce = new AtomicBoolean();
    private final List<SubscriberHandle> deleted = new CopyOnWriteArrayList<>();
    private MockCgn cgn = cgn();
    private CgnServer channel;
    private RemoteCgn remote;

    private MockCgn cgn() {
        return new MockCgn(POOL, CgnLimits.of(10), clock, Seeds.of(1));
    }

    @BeforeEach
    void connect() throws Exception {
        channel = QuietPort.open(cgn, clock);
        remote = RemoteCgn.open(channel.port(), LONG, clock, this::told);
        remote.onDeletedSubscriber(deleted::add);
    }

    private void told(MonoTime until) {
        if (throwsOnce.compareAndSet(true, false)) {
            throw new IllegalStateException("planted");
        }
        isThere.add(until.isAfter(clock.now()));
        alive.add(until);
    }

    @AfterEach
    void disconnect() {
        remote.close();
        channel.close();
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static void assertUnreachable(CompletionStage<?> stage) {
        assertThatThrownBy(() -> done(stage))
                .cause()
                .isInstanceOfSatisfying(
                        CgnException.class, e -> assertThat(e.error()).isEqualTo(CgnError.UNREACHABLE));
    }

    private static CgnMapping mapping(Subscriber subscriber, int port) {
        return new CgnMapping(
                subscriber.handle(),
                IpProtocol.UDP,
                new Endpoint(subscriber.id().address(), 8080),
                new Endpoint(subscriber.external(), port));
    }

    private Subscriber mapped(SubscriberId id, PcpAddress external) {
        var subscriber = done(remote.createSubscriber(id, external));
        done(remote.createPcpMapping(mapping(subscriber, 2000)));
        return subscriber;
    }

    /** The CGN's process dies, without a word. */
    private void crash() throws Exception {
        channel.close();
        Await.until(
                "the server notices",
                () -> remote.getSubscriber(BOB).toCompletableFuture().isCompletedExceptionally());
    }

    private void comeBack(MockCgn next) throws Exception {
        int port = channel.port();
        cgn = next;
        int before = alive.size();
        channel = CgnServer.open(cgn, port, clock, Failures::unexpected);
        Await.until("the next session", () -> alive.size() > before + 1 && isThere());
    }

    private boolean isThere() {
        return done(remote.getSubscriber(ALICE).handle((_, failure) -> failure == null));
    }

    private boolean reaches(Endpoint source, PcpAddress external) {
        return cgn.inbound(Packet.outside(IpProtocol.UDP, source, new Endpoint(external, 2000)))
                .isPresent();
    }

    @Test
    @Proves({"pcp:N-03", "pcp:N-12"})
    void aCgnThatHasCrashedGetsAllBackWithTheSameAddresses() throws Exception {
        var alice = mapped(ALICE, SECOND);
        var bob = mapped(BOB, FIRST);
        var bobs = done(remote.createPcpMapping(mapping(bob, 2000)));
        done(remote.createFilter(bobs, new CgnFilter(128, REMOTE.address(), 0)));
        done(remote.unlockDynamic());
        crash();
        assertUnreachable(remote.createPcpMapping(mapping(alice, 2001)));
        comeBack(cgn());

        assertThat(done(remote.getSubscriber(ALICE))).isEqualTo(alice);
        assertThat(done(remote.getSubscriber(BOB))).isEqualTo(bob);
        assertThat(cgn.table()).hasSize(2);
        assertThat(reaches(STRANGER, SECOND)).isTrue();
        assertThat(reaches(REMOTE, FIRST)).isTrue();
        assertThat(reaches(STRANGER, FIRST)).as("bob's filter").isFalse();
        assertThat(cgn.outbound(Packet.inside(ALICE, IpProtocol.UDP, new Endpoint(ALICE.address(), 9), REMOTE)))
                .as("it is unlocked again")
                .isPresent();
        assertThat(deleted).isEmpty();
    }

    @Test
    void beforeTheUnlockNoSessionUnlocks() throws Exception {
        mapped(ALICE, FIRST);
        crash();
        comeBack(cgn());
        assertThat(cgn.table()).hasSize(1);
        assertThat(cgn.outbound(Packet.inside(ALICE, IpProtocol.UDP, new Endpoint(ALICE.address(), 9), REMOTE)))
                .isEmpty();
    }

    @Test
    void whatIsDeletedMeanwhileIsGone() throws Exception {
        var alice = mapped(ALICE, FIRST);
        var second = done(remote.createPcpMapping(new CgnMapping(
                alice.handle(), IpProtocol.UDP, new Endpoint(ALICE.address(), 8081), new Endpoint(FIRST, 2001))));
        crash();
        done(remote.deletePcpMapping(second));
        assertThat(remote.table()).hasSize(1);
        comeBack(cgn());
        assertThat(cgn.table()).hasSize(1);
        assertThat(reaches(STRANGER, FIRST)).isTrue();
    }

    /** An alarm, and the CGN keeps what it has. */
    @Test
    @Proves("pcp:N-03")
    void whoHasAnotherAddressNowLosesAll() throws Exception {
        var alice = mapped(ALICE, FIRST);
        var bob = mapped(BOB, SECOND);
        crash();
        var next = cgn();
        done(next.createSubscriber(ALICE, SECOND));
        comeBack(next);
        Await.until("alice is taken for deleted", () -> deleted.contains(alice.handle()));
        assertThat(deleted).containsExactly(alice.handle());
        assertThat(remote.table()).extracting(entry -> entry.subscriber()).containsExactly(BOB);
        assertThat(done(remote.getSubscriber(ALICE)).external()).isEqualTo(SECOND);
        assertThat(done(remote.getSubscriber(BOB))).isEqualTo(bob);
    }

    @Test
    @Proves("pcp:N-11")
    void theAdministrationsDeletionIsHeard() throws Exception {
        var alice = mapped(ALICE, FIRST);
        done(cgn.deleteSubscriber(ALICE, FIRST));
        Await.until("it is heard", () -> deleted.contains(alice.handle()));
        assertThat(remote.table()).isEmpty();
        assertThat(mapped(ALICE, FIRST).handle()).isNotEqualTo(alice.handle());
    }

    @Test
    @Proves("pcp:N-10")
    void aServerThatGoesLeavesNothing() throws Exception {
        mapped(ALICE, FIRST);
        remote.close();
        Await.until("the CGN has flushed", () -> cgn.table().isEmpty());
    }

    @Test
    void itIsKnownToBeThereForThreeSecondsAndNotWhenItIsGone() throws Exception {
        var before = clock.now();
        Await.until("a heartbeat", () -> alive.size() > 2);
        assertThat(alive.getLast().isAfter(before)).isTrue();
        crash();
        Await.until("the word that it is not", () -> isThere.contains(false));
    }

    @Test
    void aMistakeInASessionIsFollowedByAnother() throws Exception {
        mapped(ALICE, FIRST);
        throwsOnce.set(true);
        Await.until("the mistake", () -> !throwsOnce.get());
        int before = alive.size();
        Await.until("heartbeats of another session", () -> alive.size() > before + 1 && isThere());
        assertThat(cgn.table()).hasSize(1);
    }

    @Test
    void nobodyThereIsAClearError() {
        int port = channel.port();
        remote.close();
        channel.close();
        assertThatThrownBy(() -> RemoteCgn.open(port, Duration.ofMillis(300), clock, _ -> {}))
                .isInstanceOf(CgnChannelException.class)
                .hasMessageMatching(
                        "no CGN answers at 127\\.0\\.0\\.1:" + port + " \\(.+\\); start it, or correct 'cgn-port'");
    }
}
