package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.DONE;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.PCP_KEY;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.igd.iwf.AskingPolicy.Descriptions;
import io.portreeve.igd.iwf.AskingPolicy.Fallback;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** AddPortMapping by each of its strategies, as the figures 5 to 8 of the draft have it. */
class StrategyTest {
    private static final long WEEK = 604_800;

    private static Lockstep by(AddStrategy strategy) {
        return with(AskingPolicy.USUAL.with(strategy));
    }

    private static Lockstep with(AskingPolicy asking) {
        return new Lockstep(IwfPolicy.ROUTING.with(Quotas.NONE).with(asking)).started();
    }

    private static long want(Lockstep igd, int externalPort) {
        return igd.call(add(key(externalPort), 8080, HOST, WEEK));
    }

    private static IgdReply told(Lockstep igd, long call) {
        return igd.replies.get(call);
    }

    private static void asks(Lockstep igd, ExternalChoice choice, long lifetime) {
        assertThat(igd.lastAsked().external()).isEqualTo(choice);
        assertThat(igd.lastAsked().lifetime()).isEqualTo(new Lifetime(lifetime));
    }

    private static void conflictsWithoutAsking(Lockstep igd, int externalPort) {
        int asked = igd.asked.size();
        assertThat(told(igd, want(igd, externalPort))).isEqualTo(failed(IgdError.CONFLICT));
        assertThat(igd.asked).as("no PCP message").hasSize(asked);
    }

    @ParameterizedTest
    @EnumSource
    @Proves({"igd:I-IWFD-01", "igd:C-01"})
    void byEachOfThemAPortIsOpenedAndClosed(AddStrategy strategy) {
        var igd = by(strategy);
        long call = want(igd, 8080);
        igd.grant(8080);
        assertThat(told(igd, call)).isEqualTo(DONE);
        assertThat(igd.lastAsked().external())
                .isEqualTo(strategy == AddStrategy.DRAFT_ALT1 ? Lockstep.preferred(8080) : Lockstep.exactly(8080));
        assertThat(igd.listed()).containsExactly(KEY);
        assertThat(igd.rules).hasSize(1);
        long deletion = igd.call(new IgdAction.DeletePortMapping(KEY));
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(told(igd, deletion)).isEqualTo(DONE);
        assertThat(igd.rules).isEmpty();
    }

    /** Figure 5. */
    @Test
    @Proves("igd:D-24")
    void suggestsThePortForAShortTimeAndKeepsItIfItIsGranted() {
        var igd = by(AddStrategy.DRAFT_ALT1);
        long call = want(igd, 8080);
        asks(igd, Lockstep.preferred(8080), 120);
        igd.grant(8080);
        assertThat(told(igd, call)).isEqualTo(DONE);
        asks(igd, Lockstep.preferred(8080), WEEK);
        igd.grant(8080);
        assertThat(igd.listed()).containsExactly(KEY);
    }

    /** Figure 6, and what happens when the control point counts up to the port that there is. */
    @Test
    @Proves({"igd:I-IWFD-03", "igd:D-25", "igd:D-26", "igd:D-27"})
    void keepsAnotherPortThanTheOneWantedAndAnswersByItself() {
        var igd = by(AddStrategy.DRAFT_ALT1);
        long first = want(igd, 8080);
        igd.grant(8082);
        assertThat(told(igd, first)).isEqualTo(failed(IgdError.CONFLICT));
        conflictsWithoutAsking(igd, 8080);
        conflictsWithoutAsking(igd, 8081);
        assertThat(igd.listed()).as("no entry").isEmpty();
        assertThat(igd.released).doesNotContainValue(PCP_KEY);

        int asked = igd.asked.size();
        assertThat(told(igd, want(igd, 8082))).isEqualTo(DONE);
        assertThat(igd.asked).as("only to keep it").hasSize(asked + 1);
        asks(igd, Lockstep.preferred(8082), WEEK);
        assertThat(igd.listed()).containsExactly(key(8082));
    }

    @Test
    @Proves("igd:I-IWFD-03")
    void givesBackWhatNobodyComesTo() {
        var igd = by(AddStrategy.DRAFT_ALT1);
        want(igd, 8080);
        igd.grant(8082);
        igd.pass(Duration.ofSeconds(59));
        assertThat(igd.released).doesNotContainValue(PCP_KEY);
        igd.pass(Duration.ofSeconds(1));
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
        want(igd, 8081);
        asks(igd, Lockstep.preferred(8081), 120);
    }

    @Test
    void asksAgainWhenTheProviderHasTakenItBack() {
        var igd = by(AddStrategy.DRAFT_ALT1);
        want(igd, 8080);
        igd.grant(8082);
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Lost(PCP_KEY)));
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
        long call = want(igd, 8082);
        igd.grant(8082);
        assertThat(told(igd, call)).isEqualTo(DONE);
    }

    @Test
    void aServiceThatTakesAnyPortTakesTheOneThatThereIs() {
        var igd = by(AddStrategy.DRAFT_ALT1);
        want(igd, 8080);
        igd.grant(8082);
        long call =
                igd.call(HOST, IgdFace.V2, new IgdAction.AddAnyPortMapping(key(8080), 8080, HOST, true, "web", WEEK));
        igd.grant(8082);
        assertThat(told(igd, call)).isEqualTo(new IgdReply.ReservedPort(8082));
        igd.pass(Duration.ofMinutes(2));
        assertThat(igd.released).doesNotContainValue(PCP_KEY);
    }

    /** Figure 7. */
    @Test
    @Proves({"igd:I-IWFD-02", "igd:D-28", "pcp:I-01"})
    void asksTheProviderForEachPortThatIsWanted() {
        var igd = by(AddStrategy.PREFER_FAILURE);
        for (int port : List.of(8080, 8081)) {
            long call = want(igd, port);
            asks(igd, Lockstep.exactly(port), WEEK);
            igd.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL);
            assertThat(told(igd, call)).isEqualTo(failed(IgdError.CONFLICT));
        }
    }

    /** Figure 8. */
    @Test
    @Proves({"igd:I-IWFD-04", "igd:D-29"})
    void wantsThatPortFirstAndAnyPortThen() {
        var igd = by(AddStrategy.DRAFT_ALT3);
        long first = want(igd, 8080);
        asks(igd, Lockstep.exactly(8080), WEEK);
        igd.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL);
        assertThat(told(igd, first)).isEqualTo(failed(IgdError.CONFLICT));

        long second = want(igd, 8081);
        asks(igd, new ExternalChoice.Any(), 120);
        igd.grant(8083);
        assertThat(told(igd, second)).isEqualTo(failed(IgdError.CONFLICT));
        conflictsWithoutAsking(igd, 8082);
        assertThat(told(igd, want(igd, 8083))).isEqualTo(DONE);
        asks(igd, Lockstep.exactly(8083), WEEK);
    }

    @Test
    @Proves("igd:I-IWFD-04")
    void oneServicesErrorIsNoOtherServices() {
        var igd = by(AddStrategy.DRAFT_ALT3);
        want(igd, 8080);
        igd.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL);
        igd.call(OTHER_HOST, IgdFace.V1, add(key(8081), 8080, OTHER_HOST, WEEK));
        asks(igd, Lockstep.exactly(8081), WEEK);
    }

    @Test
    @Proves({"igd:I-IWFD-05", "igd:P-05", "pcp:I-01"})
    void suggestsThePortToAServerThatDoesNotKnowPreferFailure() {
        var igd = by(AddStrategy.PREFER_FAILURE);
        long call = want(igd, 8080);
        igd.refuse(ResultCode.UNSUPP_OPTION);
        asks(igd, Lockstep.preferred(8080), 120);
        igd.grant(8080);
        assertThat(told(igd, call)).isEqualTo(DONE);
        assertThat(igd.audited())
                .contains(
                        "fallen back: the PCP server does not know PREFER_FAILURE, so ports are only suggested to it");

        igd.call(add(key(9090), 9090, HOST, 0));
        asks(igd, Lockstep.preferred(9090), 120);
        igd.grant(9090);
        igd.pass(Duration.ofMinutes(30));
        igd.call(add(key(9091), 9091, HOST, 0));
        assertThat(igd.lastAsked().external()).as("it may have learnt it").isEqualTo(Lockstep.exactly(9091));
    }

    @Test
    @Proves("igd:P-05")
    void aServerThatDoesNotKnowAnotherOptionIsAFailure() {
        var igd = by(AddStrategy.PREFER_FAILURE);
        long call = want(igd, 8080);
        igd.refuse(ResultCode.UNSUPP_OPTION);
        igd.refuse(ResultCode.UNSUPP_OPTION);
        assertThat(told(igd, call)).isEqualTo(failed(IgdError.ACTION_FAILED));
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
        igd.call(add(key(9090), 9090, HOST, 0));
        assertThat(igd.lastAsked().external()).isEqualTo(Lockstep.exactly(9090));
    }

    @Test
    @Proves("igd:I-IWFD-05")
    void failsThereIfItMayNotFallBack() {
        var igd = with(AskingPolicy.USUAL.with(Fallback.NONE));
        long call = want(igd, 8080);
        igd.refuse(ResultCode.UNSUPP_OPTION);
        assertThat(told(igd, call)).isEqualTo(failed(IgdError.ACTION_FAILED));
    }

    @Test
    @Proves("igd:I-IWFD-05")
    void eachEntryThatAnEarlierRunLeftIsSuggestedThere() {
        var igd = leftWith(KEY, key(9090));
        refuseAll(igd, ResultCode.UNSUPP_OPTION);
        assertThat(igd.asked.values().stream().skip(2).map(MappingRequest::external))
                .containsExactly(new ExternalChoice.Preferred(8080), new ExternalChoice.Preferred(9090));
        assertThat(igd.audited()).isEmpty();
        igd.grant(9090);
        assertThat(igd.audited())
                .containsExactly(
                        "fallen back: the PCP server does not know PREFER_FAILURE, so ports are only suggested to it");
        assertThat(igd.listed()).containsExactly(KEY, key(9090));
        igd.call(add(key(9091), 9091, HOST, 0));
        asks(igd, Lockstep.preferred(9091), 120);
    }

    @Test
    void aServerThatOnlyLetsInEverybodyIsStillAskedForOnePortOrNone() {
        var oneHost = new PortMappingKey(Optional.of(OTHER_HOST), 8080, IpProtocol.TCP);
        var igd = leftWith(oneHost);
        igd.refuse(ResultCode.UNSUPP_OPTION);
        igd.refuse(ResultCode.UNSUPP_OPTION);
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).isEmpty();
        igd.call(add(key(9090), 9090, HOST, 0));
        assertThat(igd.lastAsked().external()).isEqualTo(new ExternalChoice.Exactly(9090));
    }

    /** {@return a gateway that is started with these entries, each for the port of its host that has its number} */
    private static Lockstep leftWith(PortMappingKey... keys) {
        var igd = new Lockstep();
        igd.start(
                Stream.of(keys)
                        .map(key -> new PortMapping(key, key.externalPort(), HOST, "web", new Lease.Infinite()))
                        .toList(),
                List.of());
        return igd;
    }

    private static void refuseAll(Lockstep igd, ResultCode result) {
        var refused = new MappingOutcome.Refused(result.value(), new Lifetime(30));
        List.copyOf(igd.asked.keySet()).forEach(id -> igd.handle(new IwfEvent.PcpAnswered(id, refused)));
    }

    @Test
    @Proves({"igd:I-IWFD-02", "igd:C-02"})
    void asksAgainWhatFailedForAShortTimeIfItMay() {
        var igd = with(AskingPolicy.USUAL.with(Fallback.NONE).retrying(2).with(Descriptions.KEPT));
        long call = want(igd, 8080);
        for (int retry = 0; retry < 2; retry++) {
            int asked = igd.asked.size();
            igd.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL);
            igd.pass(Duration.ofSeconds(29));
            assertThat(igd.asked).hasSize(asked);
            assertThat(igd.replies).doesNotContainKey(call);
            igd.pass(Duration.ofSeconds(1));
            assertThat(igd.all.getLast()).isInstanceOf(IwfEffect.AskPcp.class);
        }
        igd.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL);
        assertThat(told(igd, call)).isEqualTo(failed(IgdError.CONFLICT));
    }

    @Test
    @Proves("igd:I-IWFD-06")
    void relaysTheSecondNoToWhoTakesAnyPort() {
        var igd = with(AskingPolicy.USUAL.with(Fallback.NONE).retrying(1).with(Descriptions.KEPT));
        long call =
                igd.call(HOST, IgdFace.V2, new IgdAction.AddAnyPortMapping(key(8080), 8080, HOST, true, "web", WEEK));
        igd.refuse(ResultCode.NO_RESOURCES);
        assertThat(igd.replies).doesNotContainKey(call);
        igd.pass(Duration.ofSeconds(30));
        igd.refuse(ResultCode.NO_RESOURCES);
        assertThat(told(igd, call)).isEqualTo(failed(IgdError.NO_PORT_MAPS_AVAILABLE));
    }

    @Test
    void whoMayWaitLongHoldsUpNobodyWhoMayNot() {
        var igd = with(AskingPolicy.USUAL.with(Fallback.NONE).retrying(2).with(Descriptions.KEPT));
        want(igd, 8080);
        igd.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL);
        long waiting = want(igd, 8080);
        long deletion = igd.call(new IgdAction.DeletePortMapping(KEY));
        igd.pass(igd.policy.deadline());
        assertThat(igd.replies)
                .containsEntry(deletion, failed(IgdError.ACTION_FAILED))
                .doesNotContainKey(waiting);
    }

    @Test
    void whoWaitsToAskAgainForAPortDoesNotHaveIt() {
        var igd = with(AskingPolicy.USUAL.with(Fallback.NONE).retrying(1));
        long waiting = want(igd, 8080);
        igd.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL);
        long any = igd.call(
                OTHER_HOST, IgdFace.V2, new IgdAction.AddAnyPortMapping(key(0), 8080, OTHER_HOST, true, "", WEEK));
        igd.grant(8080);
        assertThat(told(igd, any)).isEqualTo(new IgdReply.ReservedPort(8080));
        igd.pass(Duration.ofSeconds(30));
        igd.handle(new IwfEvent.PcpAnswered(
                List.copyOf(igd.asked.keySet()).get(1),
                new MappingOutcome.Refused(ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), new Lifetime(30))));
        assertThat(told(igd, waiting)).isEqualTo(failed(IgdError.CONFLICT));
        assertThat(igd.entries()).extracting(IgdReply.Entry::internalClient).containsExactly(OTHER_HOST);
    }

    @Test
    void doesNotWaitForWhatFailedForLong() {
        var igd = with(AskingPolicy.USUAL.with(Fallback.NONE).retrying(2).with(Descriptions.KEPT));
        long call = want(igd, 8080);
        igd.answer(new MappingOutcome.Refused(ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), new Lifetime(31)));
        assertThat(told(igd, call)).isEqualTo(failed(IgdError.CONFLICT));
    }

    @Test
    @Proves("igd:I-IWFD-07")
    void repeatsTheProvidersNoByItselfAsLongAsThatLasts() {
        var igd = by(AddStrategy.PREFER_FAILURE);
        want(igd, 8080);
        igd.answer(new MappingOutcome.Refused(ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), new Lifetime(7200)));
        igd.pass(Duration.ofSeconds(59));
        conflictsWithoutAsking(igd, 8080);
        assertThat(igd.audited().getLast()).contains("not long ago, the provider refused: CANNOT_PROVIDE_EXTERNAL");
        igd.pass(Duration.ofSeconds(1));
        want(igd, 8080);
        igd.answer(new MappingOutcome.Refused(ResultCode.USER_EX_QUOTA.value(), new Lifetime(7200)));

        igd.pass(Duration.ofMinutes(29));
        int asked = igd.asked.size();
        assertThat(told(igd, want(igd, 8080))).isEqualTo(failed(IgdError.ACTION_FAILED));
        assertThat(igd.asked).hasSize(asked);
        igd.pass(Duration.ofMinutes(1));
        want(igd, 8080);
        assertThat(igd.asked).as("an error is believed for half an hour").hasSize(asked + 1);
    }

    @Test
    void asksAgainWhenTheSubscriberHasOneMappingLess() {
        var igd = by(AddStrategy.PREFER_FAILURE);
        igd.call(add(key(9090), 9090, HOST, 0));
        igd.grant(9090);
        want(igd, 8080);
        igd.refuse(ResultCode.USER_EX_QUOTA);
        igd.call(new IgdAction.DeletePortMapping(key(9090)));
        igd.answerRelease(new MappingOutcome.Released());
        long call = want(igd, 8080);
        igd.grant(8080);
        assertThat(told(igd, call)).isEqualTo(DONE);
    }

    @Test
    @Proves({"igd:C-12", "igd:I-IWFP-06", "pcp:I-05"})
    void theProviderLetsInTheOneRemoteHost() {
        var peer = PcpAddress.parse("198.51.100.7");
        var igd = Lockstep.up();
        var narrow = new PortMappingKey(Optional.of(peer), 8080, KEY.protocol());
        long call = igd.call(add(narrow, 8080, HOST, 0));
        assertThat(igd.lastAsked().terms().filters()).containsExactly(new PcpOption.Filter(128, 0, peer));
        igd.grant(8080);
        assertThat(told(igd, call)).isEqualTo(DONE);
        int asked = igd.asked.size();
        assertThat(told(igd, want(igd, 8080))).as("one entry for one port").isEqualTo(failed(IgdError.CONFLICT));
        assertThat(igd.asked).hasSize(asked);
        assertThat(igd.listed()).containsExactly(narrow);
    }

    @Test
    void theProviderIsNotToldWhatEntriesAreCalledIfItMayNotKnow() {
        var igd = with(AskingPolicy.USUAL.with(Fallback.NONE).with(Descriptions.KEPT));
        want(igd, 8080);
        assertThat(igd.lastAsked().terms().description()).isEmpty();
    }
}
