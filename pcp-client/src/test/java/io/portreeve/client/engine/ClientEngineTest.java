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
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
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
    @Proves("pcp:C-LIFE-06")
    void startsAnewWhenItWasNotRenewed() {
        client.want();
        client.grant();
        client.pass(Duration.ofHours(1));
        assertThat(client.told).containsExactly(new MappingEvent.Lost(KEY));
        assertThat(client.view(KEY).state()).isEqualTo("WAIT_RESP");
        int before = client.sent.size();
        client.pass(Duration.ofMillis(3300));
        assertThat(client.sent).as("from the start of the schedule").hasSize(before + 1);
        client.grant();
        assertThat(client.view(KEY).external()).contains(GRANTED);
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
    void anErrorThatOutlastsTheGrantLosesTheMapping() {
        client.want();
        client.grant();
        client.pass(Duration.ofMinutes(38));
        client.refuse(ResultCode.NOT_AUTHORIZED, new Lifetime(1800));
        client.pass(Duration.ofMinutes(22));
        assertThat(client.told).containsExactly(new MappingEvent.Lost(KEY));
        int before = client.sent.size();
        client.pass(Duration.ofMinutes(8));
        assertThat(client.sent).as("asked again when the error is over").hasSize(before + 1);
    }

    @Test
    @Proves({"igd:I-IWFP-04", "pcp:C-REQ-06"})
    void deletesWithZerosAndTheSameNonce() {
        client.want();
        client.grant();
        var created = client.lastSent();
        long ticket = client.release(KEY);
        assertThat(client.lastSent())
                .isEqualTo(new MapRequest(
                        Lifetime.DELETE,
                        SOURCE,
                        created.nonce(),
                        IpProtocol.TCP,
                        8080,
                        0,
                        PcpAddress.ANY_IPV4,
                        List.of(new PcpOption.ThirdParty(HOST))));
        client.receive(client.response(client.lastSent(), 0, new Lifetime(0), 0, PcpAddress.ANY_IPV4));
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Released());
        assertThat(client.stored).contains(new Effect.Erase(KEY));
        assertThat(client.list()).isEmpty();
    }

    @Test
    void repeatsADeleteUntilTheServerHasForgottenByItself() {
        client.want();
        client.grant();
        long ticket = client.release(KEY);
        client.pass(Duration.ofMinutes(59));
        assertThat(client.answers).doesNotContainKey(ticket);
        assertThat(client.sent).hasSizeGreaterThan(9);
        client.pass(Duration.ofMinutes(20));
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Released());
        assertThat(client.engine.nextDue()).isEqualTo(MonoTime.NEVER);
    }

    @Test
    void whoReleasesWaitsForTheServerThoughAnotherReleasesToo() {
        client.want();
        client.grant();
        long first = client.release(KEY);
        long second = client.release(KEY);
        assertThat(client.answers).doesNotContainKeys(first, second);
        client.receive(client.response(client.lastSent(), 0, new Lifetime(0), 0, PcpAddress.ANY_IPV4));
        assertThat(client.answers)
                .containsEntry(first, new MappingOutcome.Released())
                .containsEntry(second, new MappingOutcome.Released());
    }

    /** Who finds a mapping here after a restart counts on it. */
    @Test
    void listsOnlyWhatIsWanted() {
        client.want();
        client.grant();
        client.release(KEY);
        assertThat(client.list()).isEmpty();
    }

    @Test
    void repeatsADeleteForAsLongAsARenewalWithoutAnswerMayLast() {
        client.want();
        client.grant();
        client.pass(Duration.ofMinutes(50));
        assertThat(client.view(KEY).state()).isEqualTo("REFRESHING");
        client.release(KEY);
        client.pass(Duration.ofMinutes(30));
        client.sent.clear();
        client.pass(Duration.ofMinutes(29));
        assertThat(client.sent)
                .as("the renewal may have been granted for an hour")
                .isNotEmpty();
    }

    @Test
    void aLateAnswerToTheRequestIsNoAnswerToTheDelete() {
        client.want();
        var created = client.lastSent();
        long ticket = client.release(KEY);
        client.grant(created, 8080, HOUR);
        assertThat(client.answers).doesNotContainKey(ticket);
        client.receive(client.response(client.lastSent(), 0, new Lifetime(0), 0, PcpAddress.ANY_IPV4));
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Released());
    }

    @Test
    void releasesAtOnceWhatNoServerKnows() {
        long ticket = client.release(KEY);
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Released());
        client.want();
        client.refuse(ResultCode.USER_EX_QUOTA, new Lifetime(30));
        long second = client.release(KEY);
        assertThat(client.answers).containsEntry(second, new MappingOutcome.Released());
        assertThat(client.sent).as("a refused request left nothing to delete").hasSize(1);
    }

    /** Its request may have been sent, and granted, in the moment before the crash. */
    @Test
    void deletesWhatAnEarlierRunAskedFor() {
        client.want();
        var asked = ((Effect.Save) client.stored.getLast()).mapping();
        var restarted = new Lockstep(1, List.of(loaded(asked)));
        restarted.release(KEY);
        assertThat(restarted.lastSent().lifetime()).isEqualTo(Lifetime.DELETE);
        assertThat(restarted.lastSent().nonce()).isEqualTo(asked.nonce());
    }

    /** As the store gives it back. */
    private static Mapping loaded(Mapping saved) {
        return new Mapping(
                saved.key(), saved.owner(), saved.nonce(), saved.wanted(), saved.lastExternal(), true, saved.state());
    }

    @Test
    void deletesWhatARefusedRepetitionMayHaveMade() {
        client.want();
        client.pass(Duration.ofSeconds(4));
        assertThat(client.sent).hasSize(2);
        client.refuse(ResultCode.NO_RESOURCES, new Lifetime(30));
        client.release(KEY);
        assertThat(client.lastSent().lifetime())
                .as("the first one may have been granted, its answer lost")
                .isEqualTo(Lifetime.DELETE);
    }

    @Test
    void deletesWhatItHadBeforeAnotherPortWasRefused() {
        client.want();
        client.grant();
        client.want(Lockstep.wants(KEY, new ExternalChoice.Exactly(9090)));
        client.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        client.release(KEY);
        assertThat(client.lastSent().lifetime()).isEqualTo(Lifetime.DELETE);
    }

    @Test
    void deletesWhatWasNotYetDeletedWhenItWasWantedAgain() {
        client.want();
        client.grant();
        client.release(KEY);
        client.want(Lockstep.wants(KEY, new ExternalChoice.Exactly(9090)));
        client.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        client.release(KEY);
        assertThat(client.lastSent().lifetime())
                .as("the server still has the first port: no delete was answered")
                .isEqualTo(Lifetime.DELETE);
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
    @Proves({"pcp:C-EPO-01", "pcp:C-EPO-05", "pcp:C-EPO-07", "pcp:C-RR-05"})
    void asksForEverythingAgainAfterTheServerLostItsState() {
        var keys = Stream.of(1001, 1002, 1003, 1004, 1005)
                .map(port -> new MappingKey(Optional.of(HOST), IpProtocol.UDP, port, PcpAddress.ANY_IPV4))
                .toList();
        for (var key : keys) {
            client.want(Lockstep.wants(key, new ExternalChoice.Any()));
            client.grant(client.lastSent(), key.internalPort() + 1000, HOUR);
        }
        client.sent.clear();
        client.serverEpoch = 0;
        var renewal = client.want(Lockstep.wants(keys.getFirst(), new ExternalChoice.Preferred(1)));
        client.grant(client.lastSent(), 2001, HOUR);
        assertThat(client.answers).containsKey(renewal);
        client.sent.clear();

        client.sentAt.clear();
        var loss = client.now;

        client.pass(Duration.ofSeconds(7));
        assertThat(loss.until(client.sentAt.getFirst())).isBetween(Duration.ZERO, Duration.ofSeconds(5));
        for (int i = 1; i < 4; i++) {
            assertThat(client.sentAt.get(i - 1).until(client.sentAt.get(i)))
                    .as("one after the other")
                    .isEqualTo(Duration.ofMillis(500));
        }
        assertThat(client.sent.stream().map(MapRequest::internalPort).distinct())
                .containsExactly(1002, 1003, 1004, 1005);
        assertThat(client.sent.getFirst().suggestedPort())
                .as("with the old port")
                .isEqualTo(2002);
        assertThat(client.sent.getFirst().nonce()).as("with the old nonce").isEqualTo(new MappingNonce(7, 7, 2));
    }

    @Test
    void hearsOfANewAddress() {
        client.want();
        client.grant();
        var moved = PcpAddress.parse("203.0.114.9");
        client.receive(client.response(client.lastSent(), 0, HOUR, 8080, moved));
        assertThat(client.told).containsExactly(new MappingEvent.Granted(KEY, new Endpoint(moved, 8080)));
        assertThat(client.view(KEY).external()).contains(new Endpoint(moved, 8080));
    }

    @Test
    void hearsThatWhatWasLostIsThereAgain() {
        client.want();
        client.grant();
        client.pass(Duration.ofHours(1));
        client.grant();
        assertThat(client.told)
                .as("though it has the same endpoint as before")
                .containsExactly(new MappingEvent.Lost(KEY), new MappingEvent.Granted(KEY, GRANTED));
        client.pass(Duration.ofMinutes(38));
        client.grant();
        assertThat(client.told).as("a renewal is no news").hasSize(2);
    }

    @Test
    void hearsThatTheServerLostAMappingAndWillNotMakeItAgain() {
        client.want();
        client.grant();
        client.serverEpoch = 0;
        client.handle(new ClientEvent.Received(new AnnounceResponse(0, new EpochTime(0))));
        client.pass(Duration.ofSeconds(5));
        assertThat(client.told).as("it may be made again").isEmpty();
        client.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        assertThat(client.told).containsExactly(new MappingEvent.Lost(KEY));
    }

    @Test
    void hearsThatWhatEndedWhileItWasDownIsNotToBeHadAgain() {
        client.want();
        var restarted = new Lockstep(1, List.of(((Effect.Save) client.stored.getLast()).mapping()));
        restarted.handle(new ClientEvent.Due());
        restarted.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        assertThat(restarted.told).containsExactly(new MappingEvent.Lost(KEY));
    }

    @Test
    void whoWaitsHearsOfTheRefusalAndNobodyElse() {
        client.want();
        client.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        assertThat(client.answers).hasSize(1);
        assertThat(client.told).isEmpty();
    }

    @Test
    void tellsAtOnceThatNobodyListensAndKeepsTrying() {
        long ticket = client.want();
        client.handle(new ClientEvent.Unreachable());
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
        client.handle(new ClientEvent.OtherVersion(0));
        assertThat(client.answers)
                .containsEntry(
                        ticket, new MappingOutcome.Refused(ResultCode.UNSUPP_VERSION.value(), new Lifetime(1800)));
        client.pass(Duration.ofMinutes(29));
        assertThat(client.sent).hasSize(1);
    }

    @Test
    @Proves("pcp:F-23-01")
    void goesOnAfterARestartWithWhatWasStored() {
        client.want();
        client.grant();
        var saved = ((Effect.Save) client.stored.getLast()).mapping();
        var restarted = new Lockstep(1, List.of(saved));
        restarted.now = client.now;
        assertThat(restarted.view(KEY)).isEqualTo(client.view(KEY));
        restarted.pass(Duration.ofMinutes(38));
        assertThat(restarted.sent).hasSize(1);
        assertThat(restarted.lastSent().nonce()).isEqualTo(saved.nonce());
        assertThat(restarted.lastSent().suggestedPort()).isEqualTo(8080);
    }
}
