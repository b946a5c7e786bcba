package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.DONE;
import static io.portreeve.igd.iwf.Lockstep.EXTERNAL;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.WAN;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.AskingPolicy.WhileUnreachable;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A gateway that opens its own NAT while its provider's PCP server cannot be reached. */
class LocalThenSyncTest {
    private static final MappingOutcome NOBODY = new MappingOutcome.Unreachable();

    private final Lockstep igd = on(IwfPolicy.TRANSLATING);

    private static Lockstep on(IwfPolicy policy) {
        var igd = new Lockstep(policy.with(Quotas.NONE).with(policy.asking().with(WhileUnreachable.LOCAL_THEN_SYNC)));
        igd.start(List.of(), List.of());
        igd.handle(new IwfEvent.WanChanged(Optional.of(WAN)));
        return igd;
    }

    private long open(int port) {
        return igd.call(add(key(port), port, HOST, 0));
    }

    @Test
    @Proves({"igd:I-IWFM-02", "igd:C-07", "igd:D-13"})
    void opensItsOwnNatInTimeWhenTheProviderIsSilent() {
        long call = open(8080);
        igd.pass(igd.policy.deadline().minusMillis(1001));
        assertThat(igd.replies).doesNotContainKey(call);
        igd.pass(Duration.ofMillis(1));
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.rules).hasSize(1);
        assertThat(igd.rows).containsOnlyKeys(KEY);
        assertThat(igd.audited())
                .contains("opened on this gateway alone TCP 8080 -> 192.168.1.10:8080: "
                        + "the PCP server has not answered in time");
        igd.grant(8080);
        igd.pass(Duration.ofMinutes(5));
        assertThat(igd.listed()).as("the provider has it now").containsExactly(KEY);
    }

    /** Nobody knows what the provider will say of it, and it is open here. */
    @Test
    void whatIsOpenHereAloneIsRenewedHereAlone() {
        open(8080);
        igd.pass(igd.policy.deadline());
        long again = open(8080);
        igd.pass(igd.policy.deadline());
        assertThat(igd.replies).containsEntry(again, DONE);
        assertThat(igd.rules).hasSize(1);
        igd.grant(8080);
        igd.pass(Duration.ofMinutes(5));
        assertThat(igd.listed()).containsExactly(KEY);
    }

    @Test
    @Proves("igd:I-IWFM-02")
    void withoutThatModeTheCallFails() {
        var failing = Lockstep.translating();
        failing.start(List.of(), List.of());
        long call = failing.addDefault();
        failing.answer(NOBODY);
        assertThat(failing.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
        assertThat(failing.rules).isEmpty();
    }

    @Test
    @Proves("igd:I-IWFM-02")
    void aGatewayThatOnlyRoutesHasNothingToOpen() {
        var routing = on(IwfPolicy.ROUTING);
        long call = routing.addDefault();
        routing.answer(NOBODY);
        assertThat(routing.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
    }

    @Test
    @Proves({"igd:I-IWFR-09", "pcp:I-12"})
    void asksForTheOldestFirstAndOneAfterTheOtherUntilThereIsAnAnswer() {
        for (int port = 2001; port <= 2003; port++) {
            open(port);
            igd.answer(NOBODY);
        }
        int asked = igd.asked.size();
        igd.pass(Duration.ofMillis(29_999));
        assertThat(igd.asked).hasSize(asked);
        for (int port = 2001; port <= 2003; port++) {
            igd.pass(Duration.ofMillis(port == 2001 ? 1 : 499));
            assertThat(igd.asked).hasSize(asked + port - 2001 + (port == 2001 ? 1 : 0));
            igd.pass(Duration.ofMillis(port == 2001 ? 0 : 1));
            assertThat(igd.lastAsked().key().internalPort()).isEqualTo(port);
            igd.answer(port == 2002 ? NOBODY : granted(port));
        }
        igd.pass(Duration.ofSeconds(30));
        assertThat(igd.lastAsked().external())
                .as("the one that is still not known there")
                .isEqualTo(new ExternalChoice.Exactly(2002, EXTERNAL));
        igd.answer(granted(2002));
        int all = igd.asked.size();
        igd.pass(Duration.ofMinutes(5));
        assertThat(igd.asked).hasSize(all);
        assertThat(igd.listed()).hasSize(3);
    }

    @Test
    @Proves("igd:I-IWFR-09")
    void whatTheProviderDoesNotGiveIsNoEntryAnyMore() {
        open(8080);
        igd.pass(igd.policy.deadline());
        int published = igd.published.size();
        igd.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL);
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).isEmpty();
        assertThat(igd.rules).isEmpty();
        assertThat(igd.published.size()).as("and subscribers hear of it").isGreaterThan(published);
    }

    @Test
    @Proves("igd:I-IWFR-09")
    void whoTakesAnyPortHasOneAndMovesWithIt() {
        long call = igd.call(HOST, IgdFace.V2, new IgdAction.AddAnyPortMapping(key(0), 8080, HOST, true, "web", 3600));
        igd.pass(igd.policy.deadline());
        var port = ((IgdReply.ReservedPort) igd.replies.get(call)).port();
        assertThat(igd.listed()).containsExactly(key(port));
        igd.answer(granted(40_000));
        assertThat(igd.listed()).containsExactly(key(40_000));
    }

    @Test
    void thePortThatWhoTakesAnyPortHasHereIsAskedForToo() {
        long call = igd.call(HOST, IgdFace.V2, new IgdAction.AddAnyPortMapping(key(0), 8080, HOST, true, "web", 3600));
        igd.answer(NOBODY);
        var port = ((IgdReply.ReservedPort) igd.replies.get(call)).port();
        igd.pass(Duration.ofSeconds(30));
        assertThat(igd.lastAsked().external()).isEqualTo(new ExternalChoice.Preferred(port));
    }

    @Test
    void anAnswerThatComesWhileTheEntryIsInstalledIsNotForgotten() {
        igd.natAnswers = false;
        long call = open(8080);
        igd.pass(igd.policy.deadline().minusSeconds(1));
        igd.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL);
        igd.natDone(true);
        assertThat(igd.replies).containsEntry(call, DONE);
        igd.pass(Duration.ofSeconds(30));
        igd.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL);
        igd.answerRelease(new MappingOutcome.Released());
        igd.natDone(true);
        assertThat(igd.listed()).isEmpty();
    }

    @Test
    void showsItsOwnAddressUntilTheProviderTellsOne() {
        var address = new IgdAction.GetExternalIPAddress();
        igd.pass(Duration.ofMillis(7999));
        assertThat(igd.reply(address)).isEqualTo(new IgdReply.ExternalAddress(Optional.empty()));
        igd.pass(Duration.ofMillis(1));
        assertThat(igd.reply(address)).isEqualTo(new IgdReply.ExternalAddress(Optional.of(WAN)));
        open(8080);
        assertThat(igd.lastAsked().external()).as("no provider gives that").isEqualTo(new ExternalChoice.Exactly(8080));
        igd.handle(
                new IwfEvent.PcpChanged(new MappingEvent.Granted(igd.lastAsked().key(), new Endpoint(EXTERNAL, 8080))));
        assertThat(igd.reply(address)).isEqualTo(new IgdReply.ExternalAddress(Optional.of(EXTERNAL)));
    }

    @Test
    void itsOwnAddressIsShownAsLongAsItMayOpenPortsByItself() {
        var changing = Lockstep.translating();
        changing.start(List.of(), List.of());
        changing.handle(new IwfEvent.WanChanged(Optional.of(WAN)));
        follow(changing, WhileUnreachable.LOCAL_THEN_SYNC);
        changing.pass(Duration.ofSeconds(8));
        assertThat(changing.published.getLast().external()).contains(WAN);
        follow(changing, WhileUnreachable.FAIL);
        assertThat(changing.published.getLast().external()).isEmpty();
        follow(changing, WhileUnreachable.LOCAL_THEN_SYNC);
        assertThat(changing.published.getLast().external()).contains(WAN);
    }

    private static void follow(Lockstep igd, WhileUnreachable said) {
        var policy = igd.policy;
        igd.handle(new IwfEvent.PolicyChanged(
                policy.access(),
                policy.quotas(),
                policy.deletion(),
                policy.asking().with(said)));
    }

    private static MappingOutcome granted(int port) {
        return new MappingOutcome.Granted(new Endpoint(EXTERNAL, port), new Lifetime(3600));
    }
}
