package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.ADDRESS;
import static io.portreeve.client.engine.Lockstep.EXTERNAL;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.KEY;
import static io.portreeve.client.engine.Lockstep.wants;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What servers say without being asked: announcements and Mapping Updates. */
class UnaskedTest {
    private static final PcpAddress MOVED = PcpAddress.parse("203.0.114.9");
    private static final Lifetime REMAINING = new Lifetime(3000);
    private static final List<Integer> PORTS = List.of(1001, 1002, 1003);

    private final Lockstep client = new Lockstep();

    private static MappingKey key(int port) {
        return new MappingKey(Optional.empty(), IpProtocol.UDP, port, PcpAddress.ANY_IPV4);
    }

    /** Each of {@link #PORTS} is mapped to the external one that is 1000 above it. */
    private static void mapAll(Lockstep client) {
        for (int port : PORTS) {
            client.want(wants(key(port), new ExternalChoice.Any()));
            client.grant(client.lastSent(), port + 1000, HOUR);
        }
        client.sent.clear();
        client.sentAt.clear();
    }

    private static void announce(Lockstep client) {
        client.handle(new ClientEvent.Announced(ADDRESS, new AnnounceResponse(0, new EpochTime(client.serverEpoch))));
    }

    private static void grantAll(Lockstep client) {
        for (var request : List.copyOf(client.sent)) {
            client.grant(request, request.suggestedPort(), HOUR);
        }
    }

    private void update(PcpAddress external, int port) {
        client.receive(client.response(client.lastSent(), 0, REMAINING, port, external));
    }

    @Test
    @Proves("pcp:C-RR-03")
    void allIsAskedForAgainAsItWasAfterARandomPartOfFiveSeconds() {
        var delays = new TreeSet<Duration>();
        for (long seed = 0; seed < 100; seed++) {
            var one = new Lockstep(seed, List.of());
            mapAll(one);
            one.serverEpoch = 0;
            var lost = one.now;
            announce(one);
            one.pass(Duration.ofSeconds(7));
            delays.add(lost.until(one.sentAt.getFirst()));
            assertThat(one.sent.stream().distinct())
                    .extracting(MapRequest::internalPort)
                    .containsExactlyElementsOf(PORTS);
            assertThat(one.sent)
                    .allMatch(it -> it.suggestedPort() == it.internalPort() + 1000)
                    .allMatch(it -> it.suggestedAddress().equals(EXTERNAL));
        }
        assertThat(delays.first()).isBetween(Duration.ZERO, Duration.ofMillis(250));
        assertThat(delays.last()).isBetween(Duration.ofMillis(4750), Duration.ofSeconds(5));
        assertThat(delays.headSet(Duration.ofMillis(2500)))
                .as("about half of them")
                .hasSizeBetween(35, 65);
    }

    @Test
    @Proves("pcp:C-RR-04")
    void tenAnnouncementsOfOneRestartAreOneRestart() {
        mapAll(client);
        client.serverEpoch = 0;
        for (int i = 0; i < 10; i++) {
            announce(client);
            client.pass(Duration.ofSeconds(1));
            grantAll(client);
        }
        assertThat(client.sent).extracting(MapRequest::internalPort).containsExactlyElementsOf(PORTS);
    }

    /** Each time the server's clock loses as much as is forgiven, which is too much for both together. */
    @Test
    @Proves("pcp:C-RR-04")
    void anAnnouncementWithANormalEpochIsWhatTheNextIsComparedWith() {
        mapAll(client);
        for (int i = 0; i < 2; i++) {
            client.pass(Duration.ofSeconds(10));
            client.serverEpoch -= 2;
            announce(client);
        }
        client.pass(Duration.ofSeconds(10));
        assertThat(client.sent).isEmpty();
        client.serverEpoch -= 4;
        announce(client);
        client.pass(Duration.ofSeconds(10));
        assertThat(client.sent).as("as much at once is a loss").isNotEmpty();
    }

    @Test
    @Proves("pcp:C-RSP-06")
    void whateverIsSaidOfAMappingLaterIsTaken() {
        client.want();
        client.grant();
        var request = client.lastSent();
        client.pass(Duration.ofMinutes(3));
        client.receive(client.response(request, 0, HOUR, 8080, EXTERNAL));
        assertThat(client.view(KEY).left()).as("success, again").isEqualTo(Duration.ofHours(1));
        client.pass(Duration.ofMinutes(3));
        update(MOVED, 8080);
        assertThat(client.view(KEY).external()).contains(new Endpoint(MOVED, 8080));
        client.pass(Duration.ofMinutes(3));
        client.refuse(ResultCode.NOT_AUTHORIZED, new Lifetime(60));
        assertThat(client.view(KEY).state()).isEqualTo("ERROR_WAIT_RESEND");
        client.pass(Duration.ofSeconds(3));
        update(EXTERNAL, 8080);
        assertThat(client.view(KEY).state()).isEqualTo("MAPPED");
        assertThat(client.view(KEY).external()).contains(new Endpoint(EXTERNAL, 8080));
        assertThat(client.sent).as("nobody asked").containsExactly(request);
    }

    @Test
    @Proves("pcp:C-LIFE-07")
    void aMappingUpdateIsTakenOverAndToldOnceHoweverOftenItIsSaid() {
        client.want();
        client.grant();
        for (int i = 0; i < 3; i++) {
            update(MOVED, 4711);
            assertThat(client.view(KEY).left()).isEqualTo(Duration.ofSeconds(3000));
            client.pass(Duration.ofMillis(500));
        }
        assertThat(client.told).containsExactly(new MappingEvent.Granted(KEY, new Endpoint(MOVED, 4711)));
        client.pass(Duration.ofSeconds(1900));
        assertThat(client.sent).as("its lifetime is the new one").hasSize(2);
        assertThat(client.lastSent().suggestedPort()).isEqualTo(4711);
        assertThat(client.lastSent().suggestedAddress()).isEqualTo(MOVED);
    }

    /** Another server behind the same address has a clock of its own. */
    @Test
    @Proves("pcp:F-26-04")
    void aJumpOfTheEpochForwardIsALossToo() {
        mapAll(client);
        client.serverEpoch += 1000;
        announce(client);
        client.pass(Duration.ofSeconds(7));
        assertThat(client.sent.stream().distinct())
                .extracting(MapRequest::internalPort)
                .containsExactlyElementsOf(PORTS);
    }

    @Test
    @Proves({"pcp:F-26-04", "igd:F-08"})
    void anotherServerWithNearlyTheSameEpochGetsItsMappingsByTheRenewal() {
        mapAll(client);
        client.serverEpoch += 1;
        announce(client);
        client.pass(Duration.ofMinutes(29));
        assertThat(client.sent).as("nothing shows it").isEmpty();
        client.pass(Duration.ofMinutes(9));
        assertThat(client.sent).extracting(MapRequest::suggestedPort).containsExactlyInAnyOrder(2001, 2002, 2003);
    }

    @Test
    @Proves("pcp:C-RR-06")
    void anEndpointThatTheServerTakesBackIsLostAndAskedForAgain() {
        mapAll(client);
        int port = PORTS.getFirst();
        var granted = client.view(key(port)).external().orElseThrow();
        client.want(wants(key(port), new ExternalChoice.Any()));
        var asked = client.lastSent();
        client.grant(asked, granted.port(), HOUR);
        client.told.clear();
        client.receive(client.response(
                asked,
                ResultCode.CANNOT_PROVIDE_EXTERNAL.value(),
                new Lifetime(30),
                granted.port(),
                granted.address()));
        assertThat(client.told).containsExactly(new MappingEvent.Lost(key(port)));
        assertThat(client.view(key(port)).left()).isZero();
        client.sent.clear();
        client.pass(Duration.ofSeconds(30));
        assertThat(client.sent).extracting(MapRequest::internalPort).containsExactly(port);
    }

    @Test
    void aLateRefusalOfAnotherEndpointTakesNothingBack() {
        mapAll(client);
        int port = PORTS.getFirst();
        client.want(wants(key(port), new ExternalChoice.Any()));
        client.receive(client.response(
                client.lastSent(), ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), new Lifetime(30), 7, EXTERNAL));
        assertThat(client.told).isEmpty();
        assertThat(client.view(key(port)).left()).isPositive();
    }

    @Test
    @Proves("pcp:C-RSP-08")
    void whatIsHeldMovesWhileAnotherPortIsAwaited() {
        client.want(wants(KEY, new ExternalChoice.Any()));
        client.grant(client.lastSent(), 4711, HOUR);
        long ticket = client.want();
        update(MOVED, 4712);
        assertThat(client.answers).as("the port that alone will do").doesNotContainKey(ticket);
        assertThat(client.told).containsExactly(new MappingEvent.Granted(KEY, new Endpoint(MOVED, 4712)));
        client.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        assertThat(client.view(KEY).left().toSeconds()).as("held there").isEqualTo(REMAINING.seconds());
        assertThat(client.view(KEY).external()).contains(new Endpoint(MOVED, 4712));
    }

    @Test
    @Proves("pcp:C-RSP-08")
    void whatTheServerHasElsewhereIsDeletedForAsLongAsItHasIt() {
        client.want();
        client.grant(client.lastSent(), 4711, new Lifetime(80_000));
        client.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(1800));
        client.pass(Duration.ofMinutes(25));
        client.release(KEY);
        client.sent.clear();
        client.pass(Duration.ofHours(20));
        assertThat(client.sent).as("deletions").isNotEmpty();
        client.pass(Duration.ofHours(3));
        assertThat(client.list()).isEmpty();
    }
}
