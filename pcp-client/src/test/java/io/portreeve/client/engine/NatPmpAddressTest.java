package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.EXTERNAL;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.NatPmpServer.OWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The one address of a NAT-PMP server, which may be another one day, and its clock. */
class NatPmpAddressTest {
    private static final PcpAddress ELSEWHERE = PcpAddress.parse("203.0.114.9");
    private static final MappingKey OTHER = NatPmpServer.own(IpProtocol.UDP, 53);
    private static final ExternalChoice ANY = new ExternalChoice.Any();

    private final Lockstep client = new Lockstep();
    private final NatPmpServer server = new NatPmpServer(client);

    @Test
    void anAnnouncedAddressMovesWhatNatPmpGranted() {
        server.granted();
        client.pass(Duration.ofMinutes(10));
        server.external = ELSEWHERE;
        server.tellAddress();
        server.tellAddress();
        assertThat(client.told)
                .as("once")
                .containsExactly(new MappingEvent.Granted(OWN, new Endpoint(ELSEWHERE, 8080)));
        assertThat(client.view(OWN).external()).contains(new Endpoint(ELSEWHERE, 8080));
        assertThat(client.view(OWN).left()).isEqualTo(Duration.ofMinutes(50));
        assertThat(client.natPmp).as("nothing is asked").hasSize(2);
        server.external = EXTERNAL;
        server.tellAddress();
        assertThat(client.told).as("and back").hasSize(2);
    }

    @Test
    void anAnnouncedAddressMovesNothingOfPcp() {
        server.granted();
        client.want(Lockstep.wants(OTHER, ANY));
        client.grant(client.lastSent(), 53, HOUR);
        client.pass(Duration.ofSeconds(1));
        client.want(Lockstep.wants(OWN, ANY));
        client.grant(client.lastSent(), 8080, HOUR);
        server.external = ELSEWHERE;
        server.tellAddress();
        assertThat(client.told).isEmpty();
    }

    @Test
    void anAddressThatIsAskedForMovesTheOthersToo() {
        server.granted();
        server.wanted(OTHER, ANY);
        server.external = ELSEWHERE;
        server.tellAddress();
        assertThat(client.told).containsExactly(new MappingEvent.Granted(OWN, new Endpoint(ELSEWHERE, 8080)));
        server.grant(53, HOUR);
        assertThat(client.view(OTHER).external()).contains(new Endpoint(ELSEWHERE, 53));
    }

    @Test
    void whatIsBeingRenewedHearsItWithItsRenewal() {
        server.granted();
        client.pass(Duration.ofMinutes(38));
        client.otherVersion(0);
        server.external = ELSEWHERE;
        server.tellAddress();
        assertThat(client.told).isEmpty();
        server.grant(8080, HOUR);
        assertThat(client.told).containsExactly(new MappingEvent.Granted(OWN, new Endpoint(ELSEWHERE, 8080)));
        assertThat(client.view(OWN).left()).isEqualTo(Duration.ofHours(1));
    }

    /** NAT-PMP is asked for a port; the address is the server's. */
    @Test
    void theOnlyPortThatWillDoMayBeAtAnotherAddress() {
        server.wanted(OWN, new ExternalChoice.Exactly(8080));
        server.tellAddress();
        server.grant(8080, HOUR);
        client.pass(Duration.ofHours(1));
        assertThat(client.view(OWN).state()).isEqualTo("WAIT_RESP");
        client.otherVersion(0);
        server.external = ELSEWHERE;
        server.tellAddress();
        server.grant(8080, HOUR);
        assertThat(client.view(OWN).external()).contains(new Endpoint(ELSEWHERE, 8080));
    }

    @Test
    void thePortThatWasTheOnlyOneIsLostWhenAnotherTakesItsPlace() {
        server.wanted(OWN, new ExternalChoice.Exactly(8080));
        server.tellAddress();
        server.grant(8080, HOUR);
        client.pass(Duration.ofMinutes(38));
        client.otherVersion(0);
        server.tellAddress();
        server.grant(8081, HOUR);
        assertThat(client.told).containsExactly(new MappingEvent.Lost(OWN));
    }

    @Test
    @Proves("pcp:B-NPMP-03")
    void afterALossAllIsRenewedOneAfterTheOther() {
        var delays = IntStream.range(0, 100)
                .mapToObj(NatPmpAddressTest::renewsAllAfterALoss)
                .toList();
        assertThat(delays).allMatch(delay -> delay.compareTo(Duration.ofSeconds(5)) < 0);
        assertThat(delays.stream().map(Duration::toSeconds).distinct())
                .as("spread over all of them")
                .hasSize(5);
    }

    /** {@return how long it waited} */
    private static Duration renewsAllAfterALoss(int run) {
        var client = new Lockstep(run, List.of());
        var server = new NatPmpServer(client);
        IntStream.rangeClosed(1, 5)
                .forEach(port -> client.want(Lockstep.wants(NatPmpServer.own(IpProtocol.TCP, port), ANY)));
        server.serve(Duration.ofMinutes(1));
        int sent = client.sent.size();
        int asked = client.natPmp.size();
        client.serverEpoch = 0;
        server.tellAddress();
        var loss = client.now;
        client.pass(Duration.ofMillis(7500));
        client.otherVersion(0);
        server.tellAddress();
        for (int i = 1; i <= 5; i++) {
            assertThat(client.natPmp).as("one outstanding").hasSize(asked + 1 + i);
            var map = (NatPmpMapRequest) server.asked();
            assertThat(map.suggestedPort()).isEqualTo(map.internalPort());
            server.grant(map.suggestedPort(), HOUR);
        }
        assertThat(client.list()).extracting(view -> view.state()).containsOnly("MAPPED");
        return loss.until(client.sentAt.get(sent));
    }

    @Test
    @Proves("pcp:B-NPMP-03")
    void whatWasJustRenewedIsNotLostWithTheOthers() {
        server.granted();
        client.pass(Duration.ofMinutes(10));
        server.wanted(OTHER, ANY);
        server.tellAddress();
        server.grant(53, HOUR);
        client.pass(Duration.ofMinutes(28));
        client.otherVersion(0);
        server.tellAddress();
        client.serverEpoch = 0;
        server.grant(8080, HOUR);
        assertThat(client.view(OWN).state()).isEqualTo("MAPPED");
        assertThat(client.view(OTHER).state()).isEqualTo("NOT_SENT");
    }

    /** A server may have two clocks, and one that was upgraded has. */
    @Test
    void theClockOfPcpIsAnother() {
        server.granted();
        client.serverEpoch = 7;
        client.want(Lockstep.wants(OTHER, ANY));
        client.grant(client.lastSent(), 53, HOUR);
        assertThat(client.view(OWN).state()).isEqualTo("MAPPED");
    }

    /** Nor is the address that was told there the one of this source. */
    @Test
    void fromAnotherSourceAllIsAskedAnew() {
        server.wanted(OWN, ANY);
        server.tellAddress();
        client.handle(new ClientEvent.Connected(Lockstep.ADDRESS, PcpAddress.parse("100.64.0.77")));
        client.pass(Duration.ofMillis(600));
        assertThat(client.natPmp).hasSize(2);
        client.otherVersion(0);
        assertThat(server.asked()).isEqualTo(new ExternalAddressRequest());
    }

    /** What the one granted is there still. */
    @Test
    @Proves("pcp:C-EPO-06")
    void eachAddressOfAServerHasAClockOfItsOwn() {
        var second = ServerAddress.at(PcpAddress.parse("192.0.2.2"), 5351);
        var both = new PcpServer(Lockstep.SERVER, List.of(Lockstep.ADDRESS, second));
        var client = new Lockstep(1, List.of(), List.of(both));
        new NatPmpServer(client).granted();
        client.handle(new ClientEvent.Unreachable(Lockstep.ADDRESS));
        client.handle(new ClientEvent.NatPmpReceived(
                second, new ExternalAddressResponse(NatPmpResult.SUCCESS, new EpochTime(7), EXTERNAL)));
        assertThat(client.view(OWN).state()).isEqualTo("MAPPED");
        client.handle(new ClientEvent.NatPmpReceived(
                second, new ExternalAddressResponse(NatPmpResult.SUCCESS, new EpochTime(3), EXTERNAL)));
        assertThat(client.view(OWN).state()).as("now it has lost its state").isEqualTo("NOT_SENT");
    }

    @Test
    void aServerThatIsGoneIsAskedNothing() {
        server.wanted(OWN, ANY);
        client.use(List.of());
        client.pass(Duration.ofMinutes(1));
        assertThat(client.natPmp).hasSize(1);
    }

    @Test
    void theSameAddressAgainChangesNothing() {
        server.granted();
        client.pass(Duration.ofMinutes(10));
        var due = client.engine.nextDue();
        server.tellAddress();
        assertThat(client.engine.nextDue()).isEqualTo(due);
    }

    @Test
    void whoWantsAnotherPortIsNotAnsweredWithTheOldOneSomewhereElse() {
        server.granted();
        client.pass(Duration.ofMinutes(10));
        long ticket = client.want(Lockstep.wants(OWN, new ExternalChoice.Preferred(9090)));
        server.external = ELSEWHERE;
        server.tellAddress();
        assertThat(client.answers).doesNotContainKey(ticket);
    }
}
