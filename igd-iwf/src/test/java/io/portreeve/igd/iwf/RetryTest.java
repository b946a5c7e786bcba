package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.DONE;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static io.portreeve.igd.iwf.StrategyCalls.WEEK;
import static io.portreeve.igd.iwf.StrategyCalls.by;
import static io.portreeve.igd.iwf.StrategyCalls.conflictsWithoutAsking;
import static io.portreeve.igd.iwf.StrategyCalls.told;
import static io.portreeve.igd.iwf.StrategyCalls.want;
import static io.portreeve.igd.iwf.StrategyCalls.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.AskingPolicy.Descriptions;
import io.portreeve.igd.iwf.AskingPolicy.Fallback;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the provider has refused for a time: asked for again, or answered from memory. */
class RetryTest {

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
}
