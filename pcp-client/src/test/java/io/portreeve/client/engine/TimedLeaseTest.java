package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.ADDRESS;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.KEY;
import static io.portreeve.client.engine.Lockstep.SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingLease;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.PcpServer;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is wanted for some time only. RFC 6970 section 5.9. */
class TimedLeaseTest {
    private static final MappingKey OWN = new MappingKey(Optional.empty(), IpProtocol.UDP, 8080, PcpAddress.ANY_IPV4);

    private final Lockstep client = new Lockstep();

    private long want(Duration length) {
        return want(client, KEY, length);
    }

    private static long want(Lockstep client, MappingKey key, Duration length) {
        return client.want(
                new MappingRequest(key, "test", new ExternalChoice.Preferred(8080), new MappingLease.Timed(length)));
    }

    @Test
    @Proves("igd:I-IWFL-04")
    void eachRequestAsksForWhatIsLeft() {
        var start = client.now;
        want(Duration.ofHours(1));
        assertThat(client.lastSent().lifetime()).isEqualTo(HOUR);
        for (int i = 1; i < 30; i++) {
            client.grant(client.lastSent(), 8080, new Lifetime(120));
            client.pass(Duration.ofSeconds(75));
            assertThat(client.sent).hasSize(i + 1);
            long left = 3600_000 - start.until(client.sentAt.getLast()).toMillis();
            assertThat(client.lastSent().lifetime().seconds()).isEqualTo((left + 999) / 1000);
        }
        assertThat(client.told).isEmpty();
    }

    @Test
    @Proves("igd:I-IWFL-04")
    void whatTheServerGrantsForLongerIsReleasedWhenTheTimeIsOver() {
        want(Duration.ofSeconds(60));
        assertThat(client.lastSent().lifetime()).isEqualTo(new Lifetime(60));
        client.grant(client.lastSent(), 8080, new Lifetime(120));
        client.pass(Duration.ofMillis(59_999));
        assertThat(client.told).isEmpty();
        assertThat(client.sent).as("a lifetime of 120 s is not renewed yet").hasSize(1);
        client.pass(Duration.ofMillis(1));
        assertThat(client.told).containsExactly(new MappingEvent.Lost(KEY));
        assertThat(client.list()).isEmpty();
        assertThat(client.sent).hasSize(2);
        assertThat(client.lastSent().lifetime()).isEqualTo(Lifetime.DELETE);
        client.receive(client.response(client.lastSent(), 0, Lifetime.DELETE, 0, PcpAddress.ANY_IPV4));
        assertThat(client.stored.getLast()).isEqualTo(new Effect.Erase(new MappingId(SERVER, KEY)));
        assertThat(client.engine.nextDue()).isEqualTo(MonoTime.NEVER);
        assertThat(client.told).hasSize(1);
    }

    @Test
    void nothingLeftIsNeverAskedForBecauseThatWouldDelete() {
        want(Duration.ofMillis(3500));
        client.pass(Duration.ofMillis(3499));
        assertThat(client.sent).extracting(MapRequest::lifetime).containsExactly(new Lifetime(3), new Lifetime(1));
        assertThatIllegalArgumentException().isThrownBy(() -> new MappingLease.Timed(Duration.ofMillis(999)));
        assertThatIllegalArgumentException().isThrownBy(() -> new MappingLease.UntilReleased(Lifetime.DELETE));
    }

    @Test
    void aClientThatCrashedAsksForNoMoreThanItMayAndForNoMoreThanIsLeft() {
        var settled = MonoTime.START.plus(Duration.ofSeconds(1000)).plus(ClientPolicy.SETTLING);
        var policy = new ClientPolicy(Duration.ZERO, Optional.empty(), settled);
        var careful = new Lockstep(1, policy, List.of(), List.of(new PcpServer(SERVER, List.of(ADDRESS))));
        want(careful, KEY, Duration.ofSeconds(130));
        assertThat(careful.lastSent().lifetime()).isEqualTo(new Lifetime(120));
        careful.grant(careful.lastSent(), 8080, new Lifetime(120));
        careful.pass(Duration.ofSeconds(75));
        assertThat(careful.lastSent().lifetime().seconds()).isBetween(55L, 70L);
    }

    @Test
    void whoWantsItAgainWantsItForLonger() {
        want(Duration.ofMinutes(10));
        client.grant();
        client.pass(Duration.ofMinutes(9));
        want(Duration.ofMinutes(10));
        assertThat(client.lastSent().lifetime()).isEqualTo(new Lifetime(600));
        client.grant();
        client.pass(Duration.ofMinutes(10).minusMillis(1));
        assertThat(client.list()).hasSize(1);
        client.pass(Duration.ofMillis(1));
        assertThat(client.list()).isEmpty();
    }

    @Test
    void whoWantsItAgainUntilItIsReleasedHasIt() {
        want(Duration.ofMinutes(10));
        client.want();
        client.grant();
        client.pass(Duration.ofMinutes(20));
        assertThat(client.view(KEY).state()).isEqualTo("MAPPED");
    }

    /** The error holds, and the time begins anew. */
    @Test
    void whatIsRefusedIsNotAskedForSoonerBecauseItIsWantedAgain() {
        want(Duration.ofMinutes(20));
        client.refuse(ResultCode.USER_EX_QUOTA, new Lifetime(1800));
        client.pass(Duration.ofMinutes(19));
        long again = want(Duration.ofMinutes(20));
        assertThat(client.answers)
                .containsEntry(again, new MappingOutcome.Refused(ResultCode.USER_EX_QUOTA.value(), new Lifetime(660)));
        assertThat(client.sent).hasSize(1);
        assertThat(((Effect.Save) client.stored.getLast()).mapping().end())
                .isEqualTo(client.now.plus(Duration.ofMinutes(20)));
        client.pass(Duration.ofMinutes(11));
        assertThat(client.sent).hasSize(2);
        assertThat(client.lastSent().lifetime()).isEqualTo(new Lifetime(540));
    }

    @Test
    void whoWaitsUntilTheTimeIsOverIsAnsweredAndNobodyIsToldOfALoss() {
        long ticket = want(Duration.ofMinutes(2));
        client.pass(Duration.ofMinutes(2));
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Released());
        assertThat(client.told).isEmpty();
        assertThat(client.lastSent().lifetime())
                .as("an earlier request may still be granted")
                .isEqualTo(Lifetime.DELETE);
    }

    @Test
    void timePassesWithoutAServerToo() {
        var alone = new Lockstep(0, List.of(), List.of());
        want(alone, KEY, Duration.ofMinutes(2));
        alone.pass(Duration.ofMinutes(2));
        assertThat(alone.list()).isEmpty();
        assertThat(alone.engine.nextDue()).isEqualTo(MonoTime.NEVER);
    }

    @Test
    void whatEndedWhileTheClientWasDownIsReleased() {
        want(Duration.ofMinutes(2));
        client.grant(client.lastSent(), 8080, HOUR);
        var saved = ((Effect.Save) client.stored.getLast()).mapping();
        var kept = (Wanted.Kept) saved.wanted();
        var restarted = new Lockstep(1, List.of(saved.with(kept.until(client.now))));
        restarted.handle(new ClientEvent.Due());
        assertThat(restarted.told).containsExactly(new MappingEvent.Lost(KEY));
        assertThat(restarted.lastSent().lifetime()).isEqualTo(Lifetime.DELETE);
    }

    @Test
    void aServerOfNatPmpIsAskedForWhatIsLeftAndBelieved() {
        var server = new NatPmpServer(client);
        want(client, OWN, Duration.ofMinutes(10));
        client.otherVersion(0);
        server.tellAddress();
        client.pass(Duration.ofMillis(1500));
        server.grant(8080, new Lifetime(600));
        assertThat(client.view(OWN).state())
                .as("it was asked a second and a half ago")
                .isEqualTo("MAPPED");
    }

    /** The answer comes later, when less is left. */
    @Test
    void aServerThatGrantsWhatIsAskedHasNoShortestLifetime() {
        want(Duration.ofHours(1));
        client.pass(Duration.ofMillis(2500));
        client.grant();
        assertThat(client.servers().getFirst().shortest()).isEmpty();
        assertThat(client.servers().getFirst().longest()).isEmpty();
    }
}
