package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.ADDRESS;
import static io.portreeve.client.engine.Lockstep.EXTERNAL;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.NatPmpServer.OWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.PcpServer;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A server that answers PCP in version 0 is asked by NAT-PMP, and by PCP first each time. */
class NatPmpFallbackTest {
    private static final ExternalChoice ANY = new ExternalChoice.Any();
    private static final NatPmpMapRequest MAP = new NatPmpMapRequest(IpProtocol.TCP, 8080, 8080, HOUR);
    private static final NatPmpMapRequest DELETE = new NatPmpMapRequest(IpProtocol.TCP, 8080, 0, Lifetime.DELETE);

    private final Lockstep client = new Lockstep();
    private final NatPmpServer server = new NatPmpServer(client);

    @Test
    @Proves({"pcp:B-VER-03", "pcp:C-RSP-02"})
    void asksByNatPmpAtOnceAndTellsWhatWasGranted() {
        long ticket = server.wanted(OWN, new ExternalChoice.Preferred(8080));
        assertThat(client.natPmp).as("the address first").containsExactly(new ExternalAddressRequest());
        server.tellAddress();
        assertThat(server.asked()).isEqualTo(MAP);
        server.grant(8081, new Lifetime(1800));
        assertThat(client.answers)
                .containsEntry(ticket, new MappingOutcome.Granted(new Endpoint(EXTERNAL, 8081), new Lifetime(1800)));
        assertThat(client.view(OWN).state()).isEqualTo("MAPPED");
        assertThat(client.stored.getLast()).isInstanceOf(Effect.Save.class);
        assertThat(client.sent).hasSize(1);
    }

    @Test
    @Proves({"pcp:B-NPMP-02", "pcp:B-VER-03", "pcp:C-LIFE-03"})
    void renewsAtHalfLifeByPcpFirstAndWithTheMappedPort() {
        server.wanted(OWN, ANY);
        server.tellAddress();
        server.grant(8099, HOUR);
        client.pass(Duration.ofMinutes(30).minusMillis(1));
        assertThat(client.sent).hasSize(1);
        client.pass(Duration.ofSeconds(451));
        assertThat(client.sent).as("PCP is tried first").hasSize(2);
        assertThat(client.natPmp).hasSize(2);
        client.otherVersion(0);
        server.tellAddress();
        assertThat(server.asked()).isEqualTo(new NatPmpMapRequest(IpProtocol.TCP, 8080, 8099, HOUR));
        server.grant(8099, HOUR);
        assertThat(client.view(OWN).state()).isEqualTo("MAPPED");
        assertThat(client.view(OWN).left()).isEqualTo(Duration.ofHours(1));
        assertThat(client.told).as("a renewal is no news").isEmpty();
    }

    @Test
    void afterACrashItIsAskedForBriefly() {
        var policy = new ClientPolicy(Duration.ZERO, Optional.empty(), client.now.plus(ClientPolicy.SETTLING));
        var crashed = new Lockstep(1, policy, List.of(), List.of(new PcpServer(Lockstep.SERVER, List.of(ADDRESS))));
        var its = new NatPmpServer(crashed);
        its.wanted(OWN, ANY);
        its.tellAddress();
        assertThat(its.asked()).isEqualTo(new NatPmpMapRequest(IpProtocol.TCP, 8080, 0, ClientPolicy.BRIEF));
    }

    @Test
    @Proves("pcp:B-VER-03")
    void noticesThatTheServerSpeaksPcpNow() {
        server.granted();
        client.pass(Duration.ofMinutes(38));
        client.grant();
        assertThat(client.view(OWN).state()).isEqualTo("MAPPED");
        client.pass(Duration.ofMinutes(38));
        assertThat(client.natPmp).as("not asked by NAT-PMP any more").hasSize(2);
        assertThat(client.sent).hasSize(3);
    }

    @Test
    @Proves("pcp:B-VER-03")
    void aVersionErrorThatComesLateHarmsNothingThatPcpGranted() {
        client.want(Lockstep.wants(OWN, ANY));
        client.grant(client.lastSent(), 2000, HOUR);
        client.otherVersion(0);
        assertThat(client.natPmp).isEmpty();
        assertThat(client.view(OWN).state()).isEqualTo("MAPPED");
    }

    @Test
    void whatPcpGrantsMeanwhileIsAskedForNoMore() {
        server.wanted(OWN, new ExternalChoice.Preferred(8080));
        server.tellAddress();
        client.grant(client.lastSent(), 2000, HOUR);
        server.grant(8080, new Lifetime(60));
        assertThat(client.view(OWN).external()).contains(new Endpoint(EXTERNAL, 2000));
        client.pass(Duration.ofMinutes(10));
        assertThat(client.natPmp).hasSize(2);
    }

    @Test
    void theAddressIsAskedForNoMoreWhenPcpHasGrantedAll() {
        server.wanted(OWN, ANY);
        client.grant(client.lastSent(), 2000, HOUR);
        client.pass(Duration.ofMinutes(10));
        assertThat(client.natPmp).hasSize(1);
    }

    @Test
    @Proves("pcp:B-NPMP-01")
    void asksNineTimesEachTimeAfterTwiceTheTimeAndGoesOnByPcp() {
        server.wanted(OWN, ANY);
        var start = client.now;
        client.pass(Duration.ofMinutes(10));
        assertThat(client.natPmp).hasSize(9).containsOnly(new ExternalAddressRequest());
        assertThat(millisAfter(start)).containsExactly(0L, 250L, 750L, 1750L, 3750L, 7750L, 15_750L, 31_750L, 63_750L);
        assertThat(client.sent).as("its own schedule").hasSizeBetween(7, 9);
        client.otherVersion(0);
        assertThat(client.natPmp).as("and again, with its next answer").hasSize(10);
    }

    private List<Long> millisAfter(MonoTime start) {
        return client.natPmpAt.stream().map(at -> start.until(at).toMillis()).toList();
    }

    @Test
    void whoGotNoAnswerByNatPmpIsNotSparedARefusalOfPcp() {
        long ticket = server.wanted(OWN, ANY);
        client.pass(Duration.ofMinutes(10));
        client.otherVersion(1);
        assertThat(client.answers.get(ticket)).isInstanceOf(MappingOutcome.Refused.class);
    }

    @Test
    @Proves("pcp:B-NPMP-01")
    void anAnswerAfterARepetitionIsAsGood() {
        server.wanted(OWN, ANY);
        server.tellAddress();
        client.pass(Duration.ofSeconds(1));
        assertThat(client.natPmp)
                .as("the address, and the port at 0, 250 and 750 ms")
                .hasSize(4);
        server.grant(8080, HOUR);
        client.pass(Duration.ofMinutes(2));
        assertThat(client.natPmp).hasSize(4);
    }

    @Test
    @Proves("pcp:B-NPMP-01")
    void asksForOneMappingAtATime() {
        var keys = IntStream.rangeClosed(1, 5)
                .mapToObj(port -> NatPmpServer.own(IpProtocol.UDP, port))
                .toList();
        keys.forEach(key -> client.want(Lockstep.wants(key, ANY)));
        client.otherVersion(0);
        client.otherVersion(0);
        assertThat(client.natPmp).hasSize(1);
        server.tellAddress();
        for (int i = 1; i <= 5; i++) {
            assertThat(client.natPmp).hasSize(1 + i);
            server.grant(4000 + i, HOUR);
        }
        assertThat(client.list()).extracting(view -> view.state()).containsOnly("MAPPED");
        assertThat(client.natPmp).as("and the address once").hasSize(6);
    }

    @Test
    @Proves("pcp:B-NPMP-01")
    void thatNobodyListensEndsIt() {
        long ticket = server.wanted(OWN, ANY);
        client.handle(new ClientEvent.Unreachable(ADDRESS));
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Unreachable());
        client.pass(Duration.ofMinutes(2));
        assertThat(client.natPmp).hasSize(1);
        assertThat(client.sent).hasSizeGreaterThan(4);
    }

    @Test
    void onlyTheAnswerToWhatWasAskedCounts() {
        server.wanted(OWN, new ExternalChoice.Preferred(8080));
        server.grant(MAP, 8080, HOUR);
        assertThat(client.answers).as("before it was asked").isEmpty();
        server.tellAddress();
        server.grant(new NatPmpMapRequest(IpProtocol.UDP, 8080, 0, HOUR), 8080, HOUR);
        server.grant(new NatPmpMapRequest(IpProtocol.TCP, 8081, 0, HOUR), 8080, HOUR);
        server.grant(DELETE, 0, Lifetime.DELETE);
        client.handle(new ClientEvent.NatPmpFailed(ADDRESS, Optional.of(IpProtocol.UDP), 9));
        assertThat(client.answers)
                .as("another protocol, another port, a deletion")
                .isEmpty();
        server.grant(8080, HOUR);
        assertThat(client.answers).hasSize(1);
    }

    @Test
    @Proves("pcp:B-NPMP-02")
    void deletesWithTwoZeros() {
        server.granted();
        long ticket = client.release(OWN);
        client.otherVersion(0);
        assertThat(server.asked()).as("at once, without the address").isEqualTo(DELETE);
        server.grant(MAP, 8080, HOUR);
        assertThat(client.answers).as("what was said before is no answer to it").doesNotContainKey(ticket);
        server.grant(0, Lifetime.DELETE);
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Released());
        assertThat(client.stored.getLast()).isInstanceOf(Effect.Erase.class);
        assertThat(client.engine.nextDue()).isEqualTo(MonoTime.NEVER);
    }

    @Test
    void whatIsReleasedMeanwhileIsNotAskedForAgain() {
        server.wanted(OWN, ANY);
        server.tellAddress();
        long ticket = client.release(OWN);
        client.otherVersion(0);
        assertThat(server.asked()).isEqualTo(DELETE);
        server.grant(0, Lifetime.DELETE);
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Released());
        assertThat(client.natPmp).hasSize(3);
    }

    @Test
    void whatIsReleasedIsNotRepeatedThoughTheServerIsSilent() {
        server.wanted(OWN, ANY);
        server.tellAddress();
        client.release(OWN);
        client.pass(Duration.ofMinutes(3));
        assertThat(client.natPmp).hasSize(2);
    }

    /** It may be granted from then on for as long as it asked for. */
    @Test
    void isKnownFromTheLastRequestOnWhoeverWasAsked() {
        server.granted();
        client.pass(Duration.ofMinutes(38));
        client.otherVersion(0);
        server.tellAddress();
        client.pass(Duration.ofMinutes(2));
        assertThat(client.natPmpAt.getLast())
                .isGreaterThan(client.sentAt.getLast().plus(Duration.ofMinutes(1)));
        client.release(OWN);
        var released = ((Effect.Save) client.stored.getLast()).mapping();
        assertThat(released.knownUntil())
                .isGreaterThan(client.natPmpAt.getLast().plus(Duration.ofHours(1)));
    }

    @Test
    void aRefusedMappingIsAskedForAgainWhenItsErrorIsOver() {
        long ticket = server.wanted(OWN, ANY);
        server.tellAddress();
        server.refuse(NatPmpResult.OUT_OF_RESOURCES);
        assertThat(client.answers)
                .containsEntry(ticket, new MappingOutcome.Refused(ResultCode.NO_RESOURCES.value(), new Lifetime(30)));
        client.pass(Duration.ofSeconds(29));
        assertThat(client.sent).hasSize(1);
        client.pass(Duration.ofSeconds(1));
        assertThat(client.sent).as("by PCP").hasSize(2);
    }

    @Test
    void anotherPortThanTheOnlyOneGoesBackAtOnce() {
        long ticket = server.wanted(OWN, new ExternalChoice.Exactly(8080));
        server.tellAddress();
        assertThat(server.asked()).isEqualTo(MAP);
        server.grant(8081, HOUR);
        assertThat(client.answers)
                .containsEntry(
                        ticket,
                        new MappingOutcome.Refused(ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), new Lifetime(30)));
        assertThat(server.asked()).isEqualTo(DELETE);
        server.grant(0, Lifetime.DELETE);
        client.pass(Duration.ofSeconds(29));
        assertThat(client.natPmp).hasSize(3);
        client.pass(Duration.ofSeconds(1));
        client.otherVersion(0);
        server.tellAddress();
        server.grant(8080, HOUR);
        assertThat(client.view(OWN).external()).contains(new Endpoint(EXTERNAL, 8080));
    }

    @Test
    void whatIsSaidBeforeADeletionIsNoAnswerToTheNextRequest() {
        server.granted();
        client.release(OWN);
        client.otherVersion(0);
        client.want(Lockstep.wants(OWN, ANY));
        client.otherVersion(0);
        server.tellAddress();
        var again = (NatPmpMapRequest) server.asked();
        assertThat(again.lifetime()).isEqualTo(HOUR);
        server.receive(
                new NatPmpMapResponse(IpProtocol.TCP, NatPmpResult.SUCCESS, server.epoch(), 8080, 0, Lifetime.DELETE));
        assertThat(client.view(OWN).state()).isEqualTo("WAIT_RESP");
        server.grant(8080, HOUR);
        assertThat(client.view(OWN).state()).isEqualTo("MAPPED");
    }

    @Test
    void aServerThatLearnsPcpInTheMiddleIsAskedByPcp() {
        long ticket = server.wanted(OWN, ANY);
        client.otherVersion(2);
        assertThat(client.answers).as("it does not understand NAT-PMP").isEmpty();
        client.pass(Duration.ofMillis(3300));
        assertThat(client.natPmp).hasSize(1);
        assertThat(client.sent).hasSize(2);
        client.otherVersion(2);
        assertThat(client.answers).as("nor a copy of it").isEmpty();
        client.grant(client.lastSent(), 2000, HOUR);
        assertThat(client.answers).containsKey(ticket);
    }
}
