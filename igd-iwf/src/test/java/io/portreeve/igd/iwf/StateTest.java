package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.EXTERNAL;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.PCP_KEY;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingOutcome;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What subscribers are told, and the actions about the connection itself. */
class StateTest {
    private final Lockstep igd = new Lockstep();

    private GatewayState told() {
        return igd.published.getLast();
    }

    @Test
    @Proves({"igd:I-GENA-02", "igd:I-GENA-03", "igd:I-DEL-04", "igd:I-LEASE-04"})
    void aChangeIsToldOnceWithAllThatChanges() {
        igd.started();
        assertThat(told()).isEqualTo(new GatewayState(false, true, Optional.of(EXTERNAL), 0, 0));
        igd.call(add(KEY, 8080, HOST, 60));
        igd.published.clear();
        igd.grant(8080);
        assertThat(igd.published).containsExactly(new GatewayState(false, true, Optional.of(EXTERNAL), 1, 1));
        igd.call(add(KEY, 8080, HOST, 60));
        igd.grant(8080);
        assertThat(told()).as("written anew").isEqualTo(new GatewayState(false, true, Optional.of(EXTERNAL), 1, 2));
        igd.pass(Duration.ofSeconds(60));
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(told())
                .as("its lease is over")
                .isEqualTo(new GatewayState(false, true, Optional.of(EXTERNAL), 0, 3));
    }

    @Test
    @Proves({"igd:I-GENA-03", "igd:I-IWFL-06"})
    void whatTheProviderTakesAwayIsAChange() {
        igd.started().opened();
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Lost(PCP_KEY)));
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(told().entries()).isZero();
        assertThat(told().updateId()).isEqualTo(2);
    }

    @Test
    void aLinkThatGoesDownIsToldAtOnce() {
        igd.started();
        igd.handle(new IwfEvent.LinkChanged(true));
        igd.published.clear();
        igd.handle(new IwfEvent.LinkChanged(true));
        assertThat(igd.published).as("that is known").isEmpty();
        igd.handle(new IwfEvent.LinkChanged(false));
        assertThat(igd.published).containsExactly(new GatewayState(false, true, Optional.of(EXTERNAL), 0, 0));
    }

    @Test
    @Proves({"igd:I-GENA-03", "igd:I-ACL-05"})
    void whatChangesNothingIsNotTold() {
        igd.started().opened();
        igd.published.clear();
        igd.call(Lockstep.OTHER_HOST, IgdFace.V1, new IgdAction.DeletePortMapping(KEY));
        igd.reply(new IgdAction.GetExternalIPAddress());
        assertThat(igd.published).isEmpty();
    }

    @Test
    @Proves("igd:I-SOAP-18")
    void tellsHowManyEntriesThereAre() {
        igd.started().opened();
        assertThat(igd.reply(new IgdAction.GetPortMappingNumberOfEntries())).isEqualTo(new IgdReply.NumberOfEntries(1));
    }

    @Test
    @Proves({"igd:I-LEASE-07", "igd:C-16"})
    void theNumberOfTheTableGoesOnAfterARestart() {
        igd.started().opened();
        long atMost = igd.engine.updateIdAfter(1);
        var again = new Lockstep();
        again.start(new StoredTable(List.copyOf(igd.rows.values()), atMost), List.of());
        assertThat(again.published.getLast().updateId()).isGreaterThan(told().updateId());
        assertThat(again.listed()).containsExactly(KEY);
    }

    @Test
    @Proves("igd:I-GENA-03")
    void theNumberOfTheTableHas32Bits() {
        igd.start(new StoredTable(List.of(), 0xFFFF_FFFEL), List.of());
        igd.handle(new IwfEvent.WanChanged(Optional.of(Lockstep.WAN)));
        igd.grant(9);
        igd.opened();
        assertThat(told().updateId()).isEqualTo(0xFFFF_FFFFL);
        igd.call(add(KEY, 8080, HOST, 0));
        assertThat(told().updateId()).isZero();
        assertThat(new Lockstep().started().published.getLast().updateId())
                .as("after a loss of the store")
                .isZero();
    }

    @Test
    @Proves("igd:I-IWFM-11")
    void nobodySeesWhetherTheGatewayTranslatesOrWhomItAsks() {
        var questions = List.of(
                new IgdAction.GetNATRSIPStatus(), new IgdAction.GetConnectionTypeInfo(), new IgdAction.GetStatusInfo());
        var translating = Lockstep.translating();
        var local =
                new Lockstep(IwfPolicy.TRANSLATING.with(AccessPolicy.USUAL.using(IwfPolicy.TRANSLATING.ownPorts())));
        igd.started();
        for (var gateway : List.of(translating.started(), local.started())) {
            for (var question : questions) {
                assertThat(gateway.reply(question)).isEqualTo(igd.reply(question));
            }
        }
        assertThat(igd.reply(new IgdAction.GetNATRSIPStatus())).isEqualTo(new IgdReply.NatRsipStatus(false, true));
    }

    @Test
    @Proves("igd:I-CONN-03")
    void theConnectionsTypeIsFixed() {
        assertThat(igd.reply(new IgdAction.SetConnectionType("IP_Routed"))).isEqualTo(failed(IgdError.READ_ONLY));
    }

    @Test
    @Proves("igd:I-CONN-04")
    void aConnectionThatIsThereNeedsNoSetUp() {
        assertThat(igd.reply(new IgdAction.RequestConnection())).isEqualTo(failed(IgdError.CONNECTION_SETUP_FAILED));
        igd.started();
        assertThat(igd.reply(new IgdAction.RequestConnection())).isEqualTo(Lockstep.DONE);
    }

    @Test
    @Proves("igd:I-CONN-05")
    void nobodyTerminatesTheConnection() {
        igd.started();
        assertThat(igd.reply(new IgdAction.ForceTermination())).isEqualTo(failed(IgdError.NOT_AUTHORIZED));
    }

    @Test
    @Proves("igd:I-SOAP-12")
    void aGatewayThatHangsItselfIsNoReasonToWait() {
        igd.started();
        igd.natAnswers = false;
        long call = igd.addDefault();
        igd.grant(8080);
        igd.pass(igd.policy.deadline());
        assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
        igd.natDone(true);
        assertThat(igd.rules).as("on its way").hasSize(1);
        igd.natDone(true);
        assertThat(igd.rules).as("nobody was told that it is open").isEmpty();
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
        assertThat(igd.listed()).isEmpty();
    }

    @Test
    @Proves("igd:I-SOAP-12")
    void aDeletionThatHangsIsNoReasonToWait() {
        igd.started().opened();
        igd.natAnswers = false;
        long call = igd.call(new IgdAction.DeletePortMapping(KEY));
        igd.answerRelease(new MappingOutcome.Released());
        igd.pass(igd.policy.deadline());
        assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
        igd.natDone(true);
        assertThat(igd.listed()).as("it is done when it can be").isEmpty();
    }

    @Test
    void whoRunsTheGatewaySeesIt() {
        igd.started();
        assertThat(inspected())
                .isEqualTo(new Snapshot(
                        new GatewayState(false, true, Optional.of(EXTERNAL), 0, 0),
                        List.of(),
                        0,
                        Optional.of(Sentinel.KEYS.getFirst()),
                        0));
        igd.opened();
        igd.call(add(Lockstep.key(445), 445, HOST, 60));
        igd.call(add(Lockstep.key(9090), 9090, HOST, 60));
        assertThat(inspected())
                .as("one entry, and one on its way")
                .isEqualTo(new Snapshot(
                        new GatewayState(false, true, Optional.of(EXTERNAL), 1, 1),
                        List.of(Lockstep.entry(0)),
                        1,
                        Optional.empty(),
                        1));
    }

    private Snapshot inspected() {
        igd.handle(new IwfEvent.Inspect(1));
        return ((IwfEffect.Show) igd.all.getLast()).snapshot();
    }
}
