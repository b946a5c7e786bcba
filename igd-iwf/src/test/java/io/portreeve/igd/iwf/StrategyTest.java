package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.DONE;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.PCP_KEY;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static io.portreeve.igd.iwf.StrategyCalls.WEEK;
import static io.portreeve.igd.iwf.StrategyCalls.asks;
import static io.portreeve.igd.iwf.StrategyCalls.by;
import static io.portreeve.igd.iwf.StrategyCalls.conflictsWithoutAsking;
import static io.portreeve.igd.iwf.StrategyCalls.told;
import static io.portreeve.igd.iwf.StrategyCalls.want;
import static io.portreeve.igd.iwf.StrategyCalls.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.AskingPolicy.Descriptions;
import io.portreeve.igd.iwf.AskingPolicy.Fallback;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** AddPortMapping by each of its strategies, as the figures 5 to 8 of the draft have it. */
class StrategyTest {

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
