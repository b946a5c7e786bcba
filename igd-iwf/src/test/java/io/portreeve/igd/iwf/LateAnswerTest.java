package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.DONE;
import static io.portreeve.igd.iwf.Lockstep.EXTERNAL;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.PCP_KEY;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.IgdAction.AddPortMapping;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A provider that answers too late, or not at all. */
class LateAnswerTest {
    private final Lockstep igd = Lockstep.up();

    @Test
    @Proves({"igd:I-SOAP-12", "igd:P-15", "igd:I-IWFP-08"})
    void repliesInTimeAndUndoesALateSuccess() {
        long call = igd.addDefault();
        igd.pass(Duration.ofSeconds(4));
        assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
        igd.pass(Duration.ofSeconds(2));
        igd.grant(8080);
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
        assertThat(igd.listed()).isEmpty();
        assertThat(igd.stored).isEmpty();
    }

    @Test
    @Proves("igd:I-IWFP-08")
    void adoptsALateSuccessThatIsAskedForAgain() {
        igd.addDefault();
        igd.pass(Duration.ofSeconds(5));
        int asked = igd.asked.size();
        long again = igd.call(add(KEY, 8080, HOST, 0));
        assertThat(igd.asked).as("the first request still goes on").hasSize(asked);
        igd.pass(Duration.ofSeconds(1));
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(again, DONE);
        assertThat(igd.listed()).containsExactly(KEY);
    }

    @Test
    void aDisabledMappingAdoptsNothing() {
        igd.addDefault();
        igd.pass(Duration.ofSeconds(5));
        long disabled = igd.call(new AddPortMapping(KEY, 8080, HOST, false, "web", 0));
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(disabled, failed(IgdError.ACTION_FAILED));
        assertThat(igd.listed()).isEmpty();
    }

    @Test
    void nobodyAdoptsWhatAnotherAskedFor() {
        igd.addDefault();
        igd.pass(Duration.ofSeconds(5));
        long other = igd.call(OTHER_HOST, IgdFace.V1, add(KEY, 8080, OTHER_HOST, 0));
        igd.pass(Duration.ofSeconds(1));
        igd.grant(8080);
        assertThat(igd.lastAsked().key().thirdParty())
                .as("its own request after the undoing")
                .contains(OTHER_HOST);
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(other, DONE);
    }

    @Test
    void givesUpWhatNobodyAsksForAgain() {
        igd.addDefault();
        igd.pass(Duration.ofSeconds(63));
        assertThat(igd.released).doesNotContainValue(PCP_KEY);
        igd.pass(Duration.ofSeconds(2));
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
    }

    @Test
    @Proves({"igd:P-16", "igd:F-11"})
    void failsAtOnceWhenNobodyListens() {
        long call = igd.addDefault();
        igd.answer(new MappingOutcome.Unreachable());
        assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
        assertThat(igd.listed()).isEmpty();
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Granted(PCP_KEY, new Endpoint(EXTERNAL, 8080))));
        assertThat(igd.lastReleased()).as("a late success is undone").isEqualTo(PCP_KEY);
    }

    @Test
    void aSuccessAfterNobodyListenedIsAdoptedToo() {
        igd.addDefault();
        igd.answer(new MappingOutcome.Unreachable());
        long again = igd.addDefault();
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Granted(PCP_KEY, new Endpoint(EXTERNAL, 8080))));
        assertThat(igd.replies).containsEntry(again, DONE);
        assertThat(igd.listed()).containsExactly(KEY);
    }

    @Test
    void anotherPortThanTheOneAskedForIsNoSuccess() {
        igd.addDefault();
        igd.answer(new MappingOutcome.Unreachable());
        long again = igd.addDefault();
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Granted(PCP_KEY, new Endpoint(EXTERNAL, 4711))));
        assertThat(igd.replies).doesNotContainKey(again);
        igd.pass(Duration.ofSeconds(4));
        assertThat(igd.replies).containsEntry(again, failed(IgdError.ACTION_FAILED));
        assertThat(igd.listed()).isEmpty();
    }

    @Test
    void whatTheProviderTakesBackWhileItIsInstalledIsGone() {
        var igd = Lockstep.up();
        igd.natAnswers = false;
        long call = igd.addDefault();
        igd.grant(8080);
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Lost(PCP_KEY)));
        assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
        igd.natDone(true);
        igd.natDone(true);
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).isEmpty();
        assertThat(igd.rules).isEmpty();
        assertThat(igd.rows).isEmpty();
    }

    @Test
    void whatTheProviderMovesWhileItIsInstalledIsGone() {
        var igd = Lockstep.up();
        igd.natAnswers = false;
        long call = igd.addDefault();
        igd.grant(8080);
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Granted(PCP_KEY, new Endpoint(Lockstep.EXTERNAL, 8081))));
        assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
        igd.natDone(true);
        igd.natDone(true);
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).isEmpty();
    }
}
