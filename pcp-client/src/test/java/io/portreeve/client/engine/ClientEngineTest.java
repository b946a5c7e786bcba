package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.EXTERNAL;
import static io.portreeve.client.engine.Lockstep.HOST;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.KEY;
import static io.portreeve.client.engine.Lockstep.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClientEngineTest {
    private static final Endpoint GRANTED = new Endpoint(EXTERNAL, 8080);

    private final Lockstep client = new Lockstep();

    @Test
    @Proves("pcp:C-REQ-04")
    void asksForExactlyOnePort() {
        client.want();
        assertThat(client.sent)
                .containsExactly(new MapRequest(
                        HOUR,
                        SOURCE,
                        new MappingNonce(7, 7, 1),
                        IpProtocol.TCP,
                        8080,
                        8080,
                        PcpAddress.ANY_IPV4,
                        List.of(new PcpOption.ThirdParty(HOST), new PcpOption.PreferFailure())));
    }

    @Test
    void storesTheNonceBeforeItAsks() {
        var effects = client.engine.handle(
                new ClientEvent.Want(1, Lockstep.wants(KEY, new ExternalChoice.Any())), client.now);
        assertThat(effects).hasExactlyElementsOfTypes(Effect.Save.class, Effect.Send.class);
    }

    @Test
    @Proves("pcp:C-RETX-04")
    void repeatsTheSameRequestUntilItIsAnswered() {
        client.want();
        client.pass(Duration.ofSeconds(25));
        assertThat(client.sent).as("at 0, 3, 9 and 21 s").hasSize(4).containsOnly(client.lastSent());
        client.grant();
        client.pass(Duration.ofMinutes(29));
        assertThat(client.sent).as("nothing before half of the lifetime").hasSize(4);
    }

    @Test
    @Proves("pcp:C-RETX-03")
    void neverGivesUpWhatIsWanted() {
        client.want();
        client.pass(Duration.ofDays(1));
        assertThat(client.sent).hasSizeGreaterThan(80).hasSizeLessThan(110);
    }

    @Test
    void tellsWhatWasGrantedAfterItIsStored() {
        long ticket = client.want();
        client.stored.clear();
        client.grant();
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Granted(GRANTED, HOUR));
        assertThat(client.stored).hasSize(1).first().isInstanceOf(Effect.Save.class);
        assertThat(client.view(KEY).state()).isEqualTo("MAPPED");
        assertThat(client.view(KEY).left()).isEqualTo(Duration.ofHours(1));
    }

    record Odd(String why, UnaryOperator<MapResponse> change) {}

    static Stream<Odd> foreignResponses() {
        return Stream.of(
                new Odd("another nonce", r -> with(r, new MappingNonce(7, 7, 99), r.protocol(), 8080, r.options())),
                new Odd("another protocol", r -> with(r, r.nonce(), IpProtocol.UDP, 8080, r.options())),
                new Odd("another internal port", r -> with(r, r.nonce(), r.protocol(), 8081, r.options())),
                new Odd("internal port 0", r -> with(r, r.nonce(), r.protocol(), 0, r.options())),
                new Odd("another host", r -> with(r, r.nonce(), r.protocol(), 8080, List.of())));
    }

    private static MapResponse with(
            MapResponse r, MappingNonce nonce, IpProtocol protocol, int internalPort, List<PcpOption> options) {
        return new MapResponse(
                r.result(),
                r.lifetime(),
                r.epoch(),
                nonce,
                protocol,
                internalPort,
                r.assignedPort(),
                r.assignedAddress(),
                options);
    }

    @ParameterizedTest
    @MethodSource("foreignResponses")
    @Proves({"pcp:C-RSP-04", "pcp:C-RSP-05"})
    void ignoresWhatIsNotAboutIt(Odd odd) {
        client.want();
        var good = client.response(client.lastSent(), 0, HOUR, 8080, EXTERNAL);
        client.receive(odd.change().apply(good));
        assertThat(client.answers).as(odd.why()).isEmpty();
        client.receive(good);
        assertThat(client.answers).as("the good one after it").hasSize(1);
    }

    @Test
    @Proves({"igd:I-IWFP-03", "pcp:C-RSP-08"})
    void takesAnotherPortForAnOldUpdateWhenOnlyOneWillDo() {
        client.want();
        client.grant(client.lastSent(), 4711, HOUR);
        assertThat(client.answers).isEmpty();
        client.grant();
        assertThat(client.answers).hasSize(1);
    }

    @Test
    @Proves("pcp:C-REQ-08")
    void takesAnyPortWhenNoneMustBe() {
        long ticket = client.want(Lockstep.wants(KEY, new ExternalChoice.Preferred(8080)));
        client.grant(client.lastSent(), 4711, HOUR);
        assertThat(client.answers)
                .containsEntry(ticket, new MappingOutcome.Granted(new Endpoint(EXTERNAL, 4711), HOUR));
    }

    @Test
    @Proves("pcp:C-LIFE-03")
    void renewsInTimeAndSuggestsWhatItHas() {
        client.want(Lockstep.wants(KEY, new ExternalChoice.Any()));
        client.grant(client.lastSent(), 4711, HOUR);
        client.pass(Duration.ofMinutes(38));
        assertThat(client.sent).hasSize(2);
        assertThat(client.lastSent().suggestedPort()).isEqualTo(4711);
        assertThat(client.lastSent().suggestedAddress()).isEqualTo(EXTERNAL);
        assertThat(client.view(KEY).state()).isEqualTo("REFRESHING");
        client.grant();
        assertThat(client.view(KEY).state()).isEqualTo("MAPPED");
        client.pass(Duration.ofHours(20));
        assertThat(client.told).as("not one answer in 20 hours").contains(new MappingEvent.Lost(KEY));
    }

    @Test
    @Proves("pcp:C-LIFE-04")
    void believesNoLifetimeLongerThanADay() {
        client.want();
        client.grant(client.lastSent(), 8080, Lifetime.INFINITE);
        client.pass(Duration.ofHours(15));
        assertThat(client.sent).hasSize(2);
    }

    @Test
    @Proves("pcp:C-LIFE-02")
    void asksNoFasterThanEveryFourSecondsHoweverShortTheGrant() {
        client.want();
        for (int i = 0; i < 50; i++) {
            int before = client.sent.size();
            client.grant(client.lastSent(), 8080, new Lifetime(1));
            client.pass(Duration.ofMillis(900));
            assertThat(client.sent).as("grant " + i).hasSize(before);
            client.pass(Duration.ofMillis(3100));
        }
    }

    @Test
    @Proves("pcp:C-ERR-01")
    void keepsQuietWhileAnErrorLasts() {
        long ticket = client.want();
        client.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        assertThat(client.answers)
                .containsEntry(
                        ticket,
                        new MappingOutcome.Refused(ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), new Lifetime(30)));
        assertThat(client.view(KEY).state()).isEqualTo("ERROR_WAIT_RESEND");
        client.pass(Duration.ofSeconds(29));
        long again = client.want();
        assertThat(client.answers.get(again)).isInstanceOf(MappingOutcome.Refused.class);
        assertThat(client.sent).hasSize(1);
        client.pass(Duration.ofSeconds(1));
        assertThat(client.sent).hasSize(2);
    }

    @Test
    void aRefusedRenewalEndsNothingBeforeItsTime() {
        client.want();
        client.grant();
        client.pass(Duration.ofMinutes(38));
        client.refuse(ResultCode.NO_RESOURCES, new Lifetime(60));
        assertThat(client.view(KEY).left()).isEqualTo(Duration.ofMinutes(22));
        client.pass(Duration.ofMinutes(1));
        client.grant();
        assertThat(client.told).isEmpty();
        assertThat(client.view(KEY).state()).isEqualTo("MAPPED");
    }

    @Test
    void whatIsAskedForOtherwiseIsHeldUntilItEnds() {
        client.want();
        client.grant();
        client.pass(Duration.ofMinutes(10));
        client.want(new MappingRequest(KEY, "test", new ExternalChoice.Exactly(8080), new Lifetime(60)));
        assertThat(client.view(KEY).left()).isEqualTo(Duration.ofMinutes(50));
        client.pass(Duration.ofMinutes(50).minusMillis(1));
        assertThat(client.told).isEmpty();
        int before = client.sent.size();
        client.pass(Duration.ofMillis(1));
        assertThat(client.told).containsExactly(new MappingEvent.Lost(KEY));
        assertThat(client.sent).as("the schedule goes on").hasSize(before);
        client.pass(Duration.ofMinutes(20));
        assertThat(client.sent).hasSizeGreaterThan(before);
        assertThat(client.told).hasSize(1);
    }

    @Test
    void whatIsRefusedWhenAskedForOtherwiseIsHeldUntilItEnds() {
        client.want();
        client.grant();
        client.want(new MappingRequest(KEY, "test", new ExternalChoice.Exactly(8080), new Lifetime(60)));
        client.refuse(ResultCode.NO_RESOURCES, new Lifetime(1800));
        client.pass(Duration.ofMinutes(59));
        assertThat(client.told).isEmpty();
        client.pass(Duration.ofMinutes(1));
        assertThat(client.told).containsExactly(new MappingEvent.Lost(KEY));
    }

    @Test
    void keepsEachOwnersMappings() {
        client.want();
        client.grant();
        long ticket = client.want(new MappingRequest(KEY, "somebody else", new ExternalChoice.Any(), HOUR));
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.HeldByOther("test"));
        client.handle(new ClientEvent.Release(99, "somebody else", KEY));
        assertThat(client.answers).containsEntry(99L, new MappingOutcome.HeldByOther("test"));
        assertThat(client.list()).hasSize(1);
        assertThat(client.sent).hasSize(1);
    }

    @Test
    void tellsAtOnceThatNobodyListensAndKeepsTrying() {
        long ticket = client.want();
        client.handle(new ClientEvent.Unreachable(Lockstep.ADDRESS));
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Unreachable());
        assertThat(client.sent).as("no tight loop").hasSize(1);
        client.pass(Duration.ofMillis(3300));
        assertThat(client.sent).hasSize(2);
        client.grant();
        assertThat(client.view(KEY).state()).isEqualTo("MAPPED");
        assertThat(client.told)
                .as("who stopped waiting hears of it")
                .containsExactly(new MappingEvent.Granted(KEY, GRANTED));
    }

    @Test
    void aServerOfAnotherVersionIsAskedAgainMuchLater() {
        long ticket = client.want();
        client.otherVersion(0);
        assertThat(client.answers)
                .containsEntry(
                        ticket, new MappingOutcome.Refused(ResultCode.UNSUPP_VERSION.value(), new Lifetime(1800)));
        client.pass(Duration.ofMinutes(29));
        assertThat(client.sent).hasSize(1);
    }

    /** Somebody else has it: a client that forgot its nonce is somebody else. */
    @Test
    @Proves("pcp:C-ERR-04")
    void whatIsHeldUnderAnotherNonceIsReportedAndAskedForWhenThatIsOver() {
        long ticket = client.want();
        client.refuse(ResultCode.NOT_AUTHORIZED, new Lifetime(1200));
        assertThat(client.answers)
                .containsEntry(
                        ticket, new MappingOutcome.Refused(ResultCode.NOT_AUTHORIZED.value(), new Lifetime(1200)));
        client.pass(Duration.ofSeconds(1199));
        assertThat(client.sent).hasSize(1);
        client.pass(Duration.ofSeconds(1));
        assertThat(client.sent).hasSize(2);
        client.grant();
        assertThat(client.view(KEY).state()).isEqualTo("MAPPED");
    }

    @Test
    @Proves("pcp:C-REQ-17")
    void sctpIsMappedLikeTcp() {
        var sctp = new MappingKey(Optional.empty(), IpProtocol.SCTP, 5060, PcpAddress.ANY_IPV4);
        long first = client.want(Lockstep.wants(sctp, new ExternalChoice.Any()));
        assertThat(client.lastSent().protocol().number()).isEqualTo(132);
        assertThat(client.lastSent().suggestedPort()).isZero();
        assertThat(client.lastSent().suggestedAddress()).isEqualTo(PcpAddress.ANY_IPV4);
        client.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        assertThat(client.answers)
                .as("another internal port is needed")
                .containsEntry(
                        first,
                        new MappingOutcome.Refused(ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), new Lifetime(30)));
        client.pass(Duration.ofSeconds(30));
        client.grant(client.lastSent(), 5060, HOUR);
        client.pass(Duration.ofMinutes(38));
        assertThat(client.lastSent().suggestedPort()).isEqualTo(5060);
        assertThat(client.lastSent().suggestedAddress()).isEqualTo(EXTERNAL);
    }
}
