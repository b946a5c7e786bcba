package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.EXTERNAL;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.PCP_KEY;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingLease;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.igd.iwf.IgdAction.AddAnyPortMapping;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AddAnyPortMapping: a port, and which one it is. */
class AnyPortTest {
    private final Lockstep igd = Lockstep.up();

    private static AddAnyPortMapping any(int externalPort, int internalPort, PcpAddress host) {
        return new AddAnyPortMapping(key(externalPort), internalPort, host, true, "web", 3600);
    }

    private long want(int externalPort) {
        return igd.call(HOST, IgdFace.V2, any(externalPort, 8080, HOST));
    }

    private static IgdReply reserved(int port) {
        return new IgdReply.ReservedPort(port);
    }

    @Test
    @Proves({"igd:I-ADDANY-01", "igd:I-IWFD-06", "igd:I-IWFP-02"})
    void hasThePortItWantsIfThatIsFree() {
        long call = want(8080);
        assertThat(igd.lastAsked())
                .isEqualTo(new MappingRequest(
                        PCP_KEY,
                        PortMapping.OWNER,
                        Lockstep.preferred(8080),
                        new MappingLease.Timed(Duration.ofHours(1)),
                        Lockstep.TERMS));
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(call, reserved(8080));
        assertThat(igd.listed()).containsExactly(KEY);
    }

    @Test
    @Proves({"igd:I-ADDANY-01", "igd:I-ADDANY-03", "igd:I-IWFD-06", "pcp:I-01"})
    void hasTheOneThatTheProviderGives() {
        long call = want(8080);
        igd.grant(40_000);
        assertThat(igd.replies).containsEntry(call, reserved(40_000));
        assertThat(igd.listed()).containsExactly(key(40_000));
        assertThat(igd.rows).containsOnlyKeys(key(40_000));
        long deletion = igd.call(HOST, IgdFace.V2, new IgdAction.DeletePortMapping(key(40_000)));
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.replies).containsEntry(deletion, Lockstep.DONE);
        assertThat(igd.rows).isEmpty();
    }

    @Test
    @Proves("igd:I-ADDANY-03")
    void asksForNoPortThatAnotherHostHas() {
        igd.opened();
        long call = igd.call(OTHER_HOST, IgdFace.V2, any(8080, 8080, OTHER_HOST));
        assertThat(igd.lastAsked().external()).isEqualTo(new ExternalChoice.Any());
        igd.grant(8081);
        assertThat(igd.replies).containsEntry(call, reserved(8081));
        assertThat(igd.listed()).containsExactly(KEY, key(8081));
    }

    @Test
    @Proves("igd:I-ADDANY-04")
    void takesPortZeroForAnyPort() {
        long call = want(0);
        assertThat(igd.lastAsked().external()).isEqualTo(new ExternalChoice.Any());
        igd.grant(1025);
        assertThat(igd.replies).containsEntry(call, reserved(1025));
        var translating = Lockstep.translating().started();
        translating.call(HOST, IgdFace.V2, any(0, 8080, HOST));
        assertThat(translating.lastAsked().key().internalPort())
                .as("a WAN port")
                .isEqualTo(1024);
    }

    @Test
    void thoseWhoTakeAnyPortDoNotWaitForEachOther() {
        long first = igd.call(HOST, IgdFace.V2, any(0, 5001, HOST));
        igd.call(HOST, IgdFace.V2, any(0, 5002, HOST));
        assertThat(igd.asked.values())
                .hasSize(3)
                .last()
                .extracting(it -> it.key().internalPort())
                .isEqualTo(5002);
        igd.grant(2002);
        assertThat(igd.replies).doesNotContainKey(first);
    }

    @Test
    @Proves("igd:I-ADDANY-02")
    void theSameAgainIsTheSameEntry() {
        want(8080);
        igd.grant(8080);
        long again = igd.call(HOST, IgdFace.V2, new AddAnyPortMapping(KEY, 8080, HOST, true, "new words", 60));
        assertThat(igd.lastAsked().lifetime()).isEqualTo(new Lifetime(60));
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(again, reserved(8080));
        assertThat(igd.entries())
                .singleElement()
                .extracting(IgdReply.Entry::description)
                .isEqualTo("new words");
    }

    @Test
    @Proves("igd:I-ADDANY-05")
    void aServiceThatIsMappedKeepsItsPort() {
        want(8080);
        igd.grant(40_000);
        long other = want(9090);
        assertThat(igd.lastAsked().external()).as("only its time begins anew").isEqualTo(Lockstep.preferred(40_000));
        igd.grant(40_000);
        assertThat(igd.replies).containsEntry(other, reserved(40_000));
        assertThat(igd.listed()).containsExactly(key(40_000));
    }

    @Test
    @Proves("igd:I-ADDANY-05")
    void norDoesItCollectPortsBehindANat() {
        var translating = Lockstep.translating().started();
        translating.call(HOST, IgdFace.V2, any(8080, 8080, HOST));
        translating.grant(40_000);
        for (int port : List.of(8080, 0, 40_000)) {
            long again = translating.call(HOST, IgdFace.V2, any(port, 8080, HOST));
            translating.grant(40_000);
            assertThat(translating.replies).containsEntry(again, reserved(40_000));
        }
        assertThat(translating.listed()).containsExactly(key(40_000));
        assertThat(translating.rules).hasSize(1);
    }

    @Test
    @Proves({"igd:I-ADDANY-03", "igd:P-19", "igd:I-ADD-08"})
    void isToldThatThereIsNoPortAndNeverOfAConflict() {
        for (var error :
                List.of(ResultCode.NO_RESOURCES, ResultCode.USER_EX_QUOTA, ResultCode.CANNOT_PROVIDE_EXTERNAL)) {
            long call = want(8080);
            igd.answer(new MappingOutcome.Refused(error.value(), new Lifetime(30)));
            assertThat(igd.replies).containsEntry(call, failed(IgdError.NO_PORT_MAPS_AVAILABLE));
        }
        assertThat(igd.listed()).isEmpty();
    }

    /** A provider with two addresses may give two hosts the same port of each. */
    @Test
    void aPortThatAnotherEntryHasIsGivenBack() {
        igd.opened();
        long call = igd.call(OTHER_HOST, IgdFace.V2, any(9090, 8080, OTHER_HOST));
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(call, failed(IgdError.NO_PORT_MAPS_AVAILABLE));
        assertThat(igd.lastReleased().thirdParty()).contains(OTHER_HOST);
        assertThat(igd.entries())
                .singleElement()
                .extracting(IgdReply.Entry::internalClient)
                .isEqualTo(HOST);
    }

    @Test
    @Proves({"igd:I-IWFL-07", "igd:I-IWFM-05", "igd:I-IWFR-04"})
    void anEntryMovesWithItsPort() {
        want(8080);
        igd.grant(40_000);
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Granted(PCP_KEY, new Endpoint(EXTERNAL, 50_000))));
        assertThat(igd.listed()).containsExactly(key(50_000));
        assertThat(igd.rows).containsOnlyKeys(key(50_000));
        assertThat(igd.rules).as("nothing changes for the host").hasSize(1);
        assertThat(igd.published.getLast().entries()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"false, true", "true, false"})
    void anEntryWhoseRenewalFailsHereIsSoonWhereTheProviderHasIt(boolean natWorks, boolean storeWorks) {
        want(8080);
        igd.grant(8080);
        igd.natWorks = natWorks;
        igd.storeWorks = storeWorks;
        long renewal = want(8080);
        igd.grant(40_000);
        assertThat(igd.replies).containsEntry(renewal, failed(IgdError.ACTION_FAILED));
        assertThat(igd.listed()).containsExactly(KEY);
        assertThat(igd.lastAsked().external()).isEqualTo(Lockstep.preferred(8080));
        igd.natWorks = true;
        igd.storeWorks = true;
        igd.grant(40_000);
        igd.pass(Duration.ofSeconds(5));
        assertThat(igd.listed()).containsExactly(key(40_000));
        assertThat(igd.rows).containsOnlyKeys(key(40_000));
    }

    @Test
    void asksAgainForThePortItHadAfterARestart() {
        var row =
                new PortMapping(key(40_000), 8080, HOST, "", new Lease.Infinite(), OptionalInt.empty(), PortChoice.ANY);
        var fresh = new Lockstep();
        fresh.start(List.of(row), List.of());
        assertThat(fresh.lastAsked().external()).isEqualTo(new ExternalChoice.Preferred(40_000));
        fresh.grant(50_000);
        assertThat(fresh.listed()).containsExactly(key(50_000));
    }

    @Test
    @Proves({"igd:I-IWFP-08", "igd:P-15"})
    void whatComesTooLateIsGivenBack() {
        long call = want(0);
        igd.pass(igd.policy.deadline());
        assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
        igd.grant(1025);
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
        igd.pass(Duration.ofMinutes(1));
        assertThat(igd.listed()).isEmpty();
        assertThat(igd.rules).isEmpty();
    }

    /** Found in a random run: seed 39 of a gateway that translates. */
    @Test
    void whoAsksWhileTheEntryMovesWaitsUntilItIsThere() {
        var behindNat = Lockstep.translating().started();
        behindNat.call(HOST, IgdFace.V2, any(0, 8080, HOST));
        behindNat.grant(40_000);
        behindNat.natAnswers = false;
        long moving =
                behindNat.call(HOST, IgdFace.V2, new AddAnyPortMapping(key(0), 8080, HOST, true, "other words", 3600));
        long waiting = behindNat.call(HOST, IgdFace.V2, any(0, 8080, HOST));
        behindNat.grant(50_000);
        behindNat.natDone(true);
        assertThat(behindNat.replies).containsEntry(moving, reserved(50_000)).doesNotContainKey(waiting);
        behindNat.grant(50_000);
        behindNat.natDone(true);
        assertThat(behindNat.replies).containsEntry(waiting, reserved(50_000));
        assertThat(behindNat.listed()).containsExactly(key(50_000));
    }

    @Test
    void aPortThatStaysClosedIsNotOpenedEvenIfTheProviderGivesIt() {
        for (int port : new int[] {1023, 3389}) {
            long call = want(0);
            igd.grant(port);
            assertThat(igd.replies).containsEntry(call, failed(IgdError.NO_PORT_MAPS_AVAILABLE));
            assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
        }
        assertThat(igd.listed()).isEmpty();
    }
}
