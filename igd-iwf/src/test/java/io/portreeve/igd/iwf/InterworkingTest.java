package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.EXTERNAL;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.igd.iwf.IgdAction.AddPortMapping;
import io.portreeve.igd.iwf.IgdAction.DeletePortMapping;
import io.portreeve.igd.iwf.IgdAction.GetExternalIPAddress;
import io.portreeve.igd.iwf.IgdAction.GetGenericPortMappingEntry;
import io.portreeve.igd.iwf.IgdAction.GetSpecificPortMappingEntry;
import io.portreeve.igd.iwf.IgdAction.GetStatusInfo;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InterworkingTest {
    private static final IgdReply DONE = new IgdReply.Done();
    private static final MappingKey PCP_KEY =
            new MappingKey(Optional.of(HOST), IpProtocol.TCP, 8080, PcpAddress.ANY_IPV4);

    private static final MappingKey SENTINEL = Sentinel.KEYS.getFirst();

    private final Lockstep igd = Lockstep.up();

    private static IgdReply failed(IgdError error) {
        return new IgdReply.Failed(error);
    }

    private static IgdReply.Entry entry(long leaseSeconds) {
        return new IgdReply.Entry(KEY, 8080, HOST, "web", leaseSeconds);
    }

    @Test
    @Proves({"igd:I-ADD-01", "igd:I-IWFD-02", "igd:I-IWFM-07", "igd:I-IWFM-09"})
    void opensAPortThroughPcpNatAndStoreBeforeItSaysSo() {
        igd.all.clear();
        long call = igd.addDefault();
        assertThat(igd.lastAsked())
                .isEqualTo(new MappingRequest(PCP_KEY, "igd", new ExternalChoice.Exactly(8080), Lifetime.INFINITE));
        assertThat(igd.replies).doesNotContainKey(call);
        igd.grant(8080);
        assertThat(igd.all.stream()
                        .map(effect -> effect.getClass().getSimpleName())
                        .toList())
                .startsWith("AskPcp", "ChangeNat", "Save")
                .containsSubsequence("Save", "Reply");
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.reply(new GetSpecificPortMappingEntry(KEY))).isEqualTo(entry(0));
    }

    record Refusal(ResultCode result, IgdError onV1, IgdError onV2) {}

    static Stream<Refusal> refusals() {
        return Stream.of(
                new Refusal(ResultCode.UNSUPP_VERSION, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED),
                new Refusal(ResultCode.NOT_AUTHORIZED, IgdError.CONFLICT, IgdError.NOT_AUTHORIZED),
                new Refusal(ResultCode.MALFORMED_REQUEST, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED),
                new Refusal(ResultCode.UNSUPP_OPCODE, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED),
                new Refusal(ResultCode.UNSUPP_OPTION, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED),
                new Refusal(ResultCode.MALFORMED_OPTION, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED),
                new Refusal(ResultCode.NETWORK_FAILURE, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED),
                new Refusal(ResultCode.NO_RESOURCES, IgdError.ACTION_FAILED, IgdError.NO_PORT_MAPS_AVAILABLE),
                new Refusal(ResultCode.UNSUPP_PROTOCOL, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED),
                new Refusal(ResultCode.USER_EX_QUOTA, IgdError.ACTION_FAILED, IgdError.NO_PORT_MAPS_AVAILABLE),
                new Refusal(ResultCode.CANNOT_PROVIDE_EXTERNAL, IgdError.CONFLICT, IgdError.CONFLICT),
                new Refusal(ResultCode.ADDRESS_MISMATCH, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED),
                new Refusal(ResultCode.EXCESSIVE_REMOTE_PEERS, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    @Proves({
        "pcp:I-06",
        "igd:P-01",
        "igd:P-02",
        "igd:P-03",
        "igd:P-04",
        "igd:P-06",
        "igd:P-07",
        "igd:P-08",
        "igd:P-09",
        "igd:P-10",
        "igd:P-12",
        "igd:P-13",
        "igd:I-ADD-08"
    })
    void putsThePcpErrorIntoTheFacesWords(Refusal refusal) {
        for (var face : IgdFace.values()) {
            long call = igd.call(HOST, face, add(KEY, 8080, HOST, 3600));
            igd.answer(new MappingOutcome.Refused(refusal.result().value(), new Lifetime(30)));
            assertThat(igd.replies).containsEntry(call, failed(face == IgdFace.V1 ? refusal.onV1() : refusal.onV2()));
            assertThat(igd.lastReleased())
                    .as("the client is not left wanting it")
                    .isEqualTo(PCP_KEY);
        }
        assertThat(igd.listed()).isEmpty();
        assertThat(igd.stored).isEmpty();
    }

    @Test
    @Proves("igd:P-14")
    void anUnknownPcpErrorIsAFailure() {
        long call = igd.addDefault();
        igd.answer(new MappingOutcome.Refused(99, new Lifetime(30)));
        assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
    }

    record Forbidden(String why, AddPortMapping action, IgdError onV1, IgdError onV2) {}

    static Stream<Forbidden> forbidden() {
        var remote = new PortMappingKey(Optional.of(PcpAddress.parse("203.0.114.99")), 8080, IpProtocol.TCP);
        return Stream.of(
                new Forbidden(
                        "a disabled mapping",
                        new AddPortMapping(KEY, 8080, HOST, false, "", 0),
                        IgdError.ACTION_FAILED,
                        IgdError.ACTION_FAILED),
                new Forbidden(
                        "all external ports at once",
                        add(key(0), 8080, HOST, 0),
                        IgdError.WILDCARD_EXTERNAL_PORT,
                        IgdError.WILDCARD_EXTERNAL_PORT),
                new Forbidden(
                        "one remote host only",
                        add(remote, 8080, HOST, 0),
                        IgdError.REMOTE_HOST_ONLY_WILDCARD,
                        IgdError.ACTION_FAILED),
                new Forbidden(
                        "for another host", add(KEY, 8080, OTHER_HOST, 0), IgdError.CONFLICT, IgdError.NOT_AUTHORIZED),
                new Forbidden(
                        "a port of the gateway's own services",
                        add(key(1023), 8080, HOST, 0),
                        IgdError.CONFLICT,
                        IgdError.NOT_AUTHORIZED));
    }

    @ParameterizedTest
    @MethodSource("forbidden")
    @Proves({"igd:I-ACL-03", "igd:I-ACL-05", "igd:I-ARG-08", "igd:I-ADD-06", "rel:T-4"})
    void refusesBeforeAnythingIsAsked(Forbidden forbidden) {
        int asked = igd.asked.size();
        assertThat(igd.replies.get(igd.call(HOST, IgdFace.V1, forbidden.action())))
                .as(forbidden.why())
                .isEqualTo(failed(forbidden.onV1()));
        assertThat(igd.replies.get(igd.call(HOST, IgdFace.V2, forbidden.action())))
                .as(forbidden.why())
                .isEqualTo(failed(forbidden.onV2()));
        assertThat(igd.asked).hasSize(asked);
        assertThat(igd.stored).isEmpty();
    }

    @Test
    @Proves({"igd:I-ADD-03", "igd:I-ADD-05"})
    void anotherHostsPortIsAConflictWithoutAskingPcp() {
        igd.opened();
        int asked = igd.asked.size();
        var narrower = new PortMappingKey(Optional.of(PcpAddress.parse("203.0.114.99")), 8080, IpProtocol.TCP);
        for (var key : List.of(KEY, narrower)) {
            long call = igd.call(OTHER_HOST, IgdFace.V1, add(key, 80, OTHER_HOST, 0));
            assertThat(igd.replies).as("whatever the remote host").containsEntry(call, failed(IgdError.CONFLICT));
        }
        assertThat(igd.asked).hasSize(asked);
    }

    @Test
    @Proves("igd:I-ADD-11")
    void oneServiceHasOneExternalPort() {
        igd.opened();
        long call = igd.call(add(key(9090), 8080, HOST, 0));
        assertThat(igd.replies).containsEntry(call, failed(IgdError.CONFLICT));
    }

    @Test
    @Proves({"igd:I-ADD-02", "igd:I-LEASE-05"})
    void askingAgainRenewsTheEntry() {
        igd.call(add(KEY, 8080, HOST, 3600));
        igd.grant(8080);
        igd.pass(Duration.ofMinutes(50));
        int asked = igd.asked.size();
        long same = igd.call(new AddPortMapping(KEY, 8080, HOST, true, "new words", 3600));
        assertThat(igd.replies).containsEntry(same, DONE);
        assertThat(igd.asked).as("the PCP mapping is as it should be").hasSize(asked);
        assertThat(igd.reply(new GetSpecificPortMappingEntry(KEY)))
                .isEqualTo(new IgdReply.Entry(KEY, 8080, HOST, "new words", 3600));

        long shorter = igd.call(add(KEY, 8080, HOST, 60));
        assertThat(igd.lastAsked().lifetime()).isEqualTo(new Lifetime(60));
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(shorter, DONE);
        assertThat(igd.reply(new GetSpecificPortMappingEntry(KEY))).isEqualTo(entry(60));
        assertThat(igd.listed()).containsExactly(KEY);
    }

    @Test
    void aRefusedRenewalLeavesTheEntry() {
        igd.opened();
        int released = igd.released.size();
        long call = igd.call(add(KEY, 8080, HOST, 60));
        igd.answer(new MappingOutcome.Refused(ResultCode.NO_RESOURCES.value(), new Lifetime(30)));
        assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
        assertThat(igd.listed()).containsExactly(KEY);
        assertThat(igd.released).hasSize(released);
    }

    @Test
    @Proves("igd:I-ADD-10")
    void anotherInternalPortIsAnotherPcpMapping() {
        igd.opened();
        long call = igd.call(add(KEY, 8081, HOST, 0));
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.lastAsked().key().internalPort()).isEqualTo(8081);
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.reply(new GetSpecificPortMappingEntry(KEY)))
                .isEqualTo(new IgdReply.Entry(KEY, 8081, HOST, "web", 0));
    }

    @Test
    @Proves({"igd:I-GEN-01", "igd:I-GEN-02"})
    void listsWithoutHolesAndWithoutPcp() {
        for (int port : List.of(5003, 5001, 5002)) {
            igd.call(add(key(port), port, HOST, 0));
            igd.grant(port);
        }
        int asked = igd.asked.size();
        assertThat(igd.listed()).containsExactly(key(5003), key(5001), key(5002));
        igd.call(new DeletePortMapping(key(5001)));
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).containsExactly(key(5003), key(5002));
        assertThat(igd.reply(new GetGenericPortMappingEntry(2))).isEqualTo(failed(IgdError.INVALID_INDEX));
        assertThat(igd.asked).hasSize(asked);
    }

    @Test
    @Proves({"igd:I-SPEC-01", "igd:I-SPEC-02", "igd:I-DEL-01", "igd:I-DEL-02"})
    void strangersNeitherReadNorDelete() {
        igd.opened();
        int released = igd.released.size();
        for (var action : List.of(new GetSpecificPortMappingEntry(KEY), new DeletePortMapping(KEY))) {
            assertThat(igd.replies.get(igd.call(OTHER_HOST, IgdFace.V1, action)))
                    .isEqualTo(failed(IgdError.NO_SUCH_ENTRY));
            assertThat(igd.replies.get(igd.call(OTHER_HOST, IgdFace.V2, action)))
                    .isEqualTo(failed(IgdError.NOT_AUTHORIZED));
        }
        var narrower = new PortMappingKey(Optional.of(OTHER_HOST), 8080, IpProtocol.TCP);
        assertThat(igd.reply(new DeletePortMapping(narrower))).isEqualTo(failed(IgdError.NO_SUCH_ENTRY));
        assertThat(igd.reply(new GetSpecificPortMappingEntry(key(8081)))).isEqualTo(failed(IgdError.NO_SUCH_ENTRY));
        assertThat(igd.released).hasSize(released);
        assertThat(igd.listed()).containsExactly(KEY);
    }

    @Test
    void theSecondFaceHidesForeignEntriesButKeepsTheirPlace() {
        igd.opened();
        long call = igd.call(OTHER_HOST, IgdFace.V2, new GetGenericPortMappingEntry(0));
        assertThat(igd.replies).containsEntry(call, failed(IgdError.NOT_AUTHORIZED));
    }

    @Test
    @Proves("igd:I-DEL-03")
    void deletesAfterPcpConfirmed() {
        igd.opened();
        long call = igd.call(new DeletePortMapping(KEY));
        assertThat(igd.replies).doesNotContainKey(call);
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.nat.getLast()).isEqualTo(new NatChange.Remove(new NatRule(IpProtocol.TCP, HOST, 8080)));
        assertThat(igd.stored.getLast()).isInstanceOf(IwfEffect.Erase.class);
        assertThat(igd.listed()).isEmpty();
    }

    @Test
    void deletesForTheControlPointEvenIfTheServerIsSilent() {
        igd.opened();
        long call = igd.call(new DeletePortMapping(KEY));
        igd.pass(Duration.ofMillis(3999));
        assertThat(igd.replies).doesNotContainKey(call);
        igd.pass(Duration.ofMillis(1));
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.listed()).isEmpty();
    }

    @Test
    @Proves("igd:P-18")
    void aDeleteTheProviderRefusesFailsAndYetEndsTheEntry() {
        for (var face : IgdFace.values()) {
            igd.opened();
            long call = igd.call(HOST, face, new DeletePortMapping(KEY));
            igd.answerRelease(new MappingOutcome.Refused(ResultCode.NOT_AUTHORIZED.value(), new Lifetime(1800)));
            assertThat(igd.replies)
                    .containsEntry(call, failed(face == IgdFace.V1 ? IgdError.ACTION_FAILED : IgdError.NOT_AUTHORIZED));
            assertThat(igd.listed()).isEmpty();
        }
    }

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
    void aGatewayThatLostItsStateAsksBySomeOtherPort() {
        var fresh = new Lockstep();
        fresh.start(List.of(), List.of());
        fresh.handle(new IwfEvent.WanChanged(Optional.of(Lockstep.WAN)));
        fresh.answer(new MappingOutcome.Refused(ResultCode.NOT_AUTHORIZED.value(), new Lifetime(590)));
        assertThat(fresh.released.values()).containsExactly(SENTINEL);
        assertThat(fresh.lastAsked().key()).isEqualTo(Sentinel.KEYS.get(1));
        fresh.grant(50_000);
        assertThat(fresh.reply(new GetExternalIPAddress()))
                .isEqualTo(new IgdReply.ExternalAddress(Optional.of(EXTERNAL)));
        fresh.opened();
        assertThat(fresh.lastReleased()).isEqualTo(Sentinel.KEYS.get(1));
    }

    @Test
    void aProviderThatRefusesEverySentinelIsNotPestered() {
        var fresh = new Lockstep();
        fresh.start(List.of(), List.of());
        fresh.handle(new IwfEvent.WanChanged(Optional.of(Lockstep.WAN)));
        for (int i = 0; i < 5; i++) {
            fresh.answer(new MappingOutcome.Refused(ResultCode.NOT_AUTHORIZED.value(), new Lifetime(590)));
        }
        assertThat(fresh.asked.values()).extracting(MappingRequest::key).containsExactlyElementsOf(Sentinel.KEYS);
    }

    @Test
    void aServerThatComesUpLaterStillTellsTheExternalAddress() {
        var fresh = new Lockstep();
        fresh.start(List.of(), List.of());
        fresh.handle(new IwfEvent.WanChanged(Optional.of(Lockstep.WAN)));
        fresh.answer(new MappingOutcome.Unreachable());
        fresh.handle(new IwfEvent.PcpChanged(new MappingEvent.Granted(SENTINEL, new Endpoint(EXTERNAL, 50_000))));
        assertThat(fresh.reply(new GetExternalIPAddress()))
                .isEqualTo(new IgdReply.ExternalAddress(Optional.of(EXTERNAL)));
        assertThat(fresh.all).contains(new IwfEffect.Announce(Optional.of(EXTERNAL)));
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
    @Proves("igd:I-IWFM-09")
    void undoesPcpWhenTheNatFails() {
        igd.natWorks = false;
        long call = igd.addDefault();
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
        assertThat(igd.stored).isEmpty();
    }

    @Test
    @Proves({"igd:I-IWFM-04", "igd:I-IWFM-09"})
    void undoesNatAndPcpWhenTheStoreFails() {
        igd.storeWorks = false;
        long call = igd.addDefault();
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
        assertThat(igd.nat.getLast()).isInstanceOf(NatChange.Remove.class);
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
        assertThat(igd.listed()).isEmpty();
    }

    @Test
    void saysOfNothingThatIsStoredThatItIsDeleted() {
        igd.opened();
        igd.storeWorks = false;
        long call = igd.call(new DeletePortMapping(KEY));
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
        assertThat(igd.listed()).as("it leads nowhere any more").isEmpty();
    }

    @Test
    @Proves("igd:I-ADD-12")
    void callsAboutOnePortWaitForEachOtherAndOthersPass() {
        long first = igd.addDefault();
        var firstId = igd.asked.keySet().stream().reduce((_, last) -> last).orElseThrow();
        long second = igd.addDefault();
        long delete = igd.call(new DeletePortMapping(KEY));
        long other = igd.call(OTHER_HOST, IgdFace.V1, add(key(7000), 7000, OTHER_HOST, 0));
        igd.grant(7000);
        assertThat(igd.replies).containsEntry(other, DONE).doesNotContainKeys(first, second, delete);
        igd.handle(new IwfEvent.PcpAnswered(
                firstId, new MappingOutcome.Granted(new Endpoint(EXTERNAL, 8080), new Lifetime(3600))));
        assertThat(igd.replies).containsEntry(first, DONE).containsEntry(second, DONE);
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.replies).containsEntry(delete, DONE);
        assertThat(igd.listed()).containsExactly(key(7000));
    }

    record Leased(String why, IgdFace face, long asked, Lifetime pcp, long readBack) {}

    static Stream<Leased> leases() {
        long week = 604_800;
        return Stream.of(
                new Leased("0 is for ever on the first face", IgdFace.V1, 0, Lifetime.INFINITE, 0),
                new Leased("0 is a week on the second", IgdFace.V2, 0, new Lifetime(week), week),
                new Leased("a second", IgdFace.V1, 1, new Lifetime(1), 1),
                new Leased("a week", IgdFace.V1, week, new Lifetime(week), week),
                new Leased("more than a week is cut", IgdFace.V1, week + 1, new Lifetime(week), week),
                new Leased("as long as can be written", IgdFace.V1, 0xFFFF_FFFFL, new Lifetime(week), week));
    }

    @ParameterizedTest
    @MethodSource("leases")
    @Proves({"igd:I-LEASE-01", "igd:I-LEASE-02", "igd:I-IWFL-01", "pcp:I-02"})
    void asksPcpForTheLease(Leased lease) {
        igd.call(HOST, lease.face(), add(KEY, 8080, HOST, lease.asked()));
        assertThat(igd.lastAsked().lifetime()).as(lease.why()).isEqualTo(lease.pcp());
        igd.grant(8080);
        assertThat(igd.reply(new GetSpecificPortMappingEntry(KEY)))
                .as(lease.why())
                .isEqualTo(entry(lease.readBack()));
    }

    @Test
    @Proves({"igd:I-GEN-04", "igd:I-IWFL-02"})
    void aLeaseCountsDownAndEnds() {
        igd.call(add(KEY, 8080, HOST, 100));
        igd.grant(8080);
        igd.pass(Duration.ofSeconds(10));
        assertThat(igd.reply(new GetGenericPortMappingEntry(0))).isEqualTo(entry(90));
        igd.pass(Duration.ofSeconds(90));
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).isEmpty();
        assertThat(igd.stored.getLast()).isInstanceOf(IwfEffect.Erase.class);
    }

    @Test
    @Proves({"igd:I-EXTIP-03", "igd:I-IWFM-06", "igd:I-SPEC-06"})
    void anIdleGatewayKnowsItsExternalAddressByOneMapping() {
        var fresh = new Lockstep();
        fresh.start(List.of(), List.of());
        assertThat(fresh.reply(new GetExternalIPAddress())).isEqualTo(new IgdReply.ExternalAddress(Optional.empty()));
        fresh.handle(new IwfEvent.WanChanged(Optional.of(Lockstep.WAN)));
        assertThat(fresh.lastAsked().key()).isEqualTo(SENTINEL);
        fresh.grant(50_000);
        assertThat(fresh.reply(new GetExternalIPAddress()))
                .isEqualTo(new IgdReply.ExternalAddress(Optional.of(EXTERNAL)));
        assertThat(fresh.listed()).as("it is nobody's business").isEmpty();

        fresh.opened();
        assertThat(fresh.lastReleased())
                .as("a real mapping tells the address too")
                .isEqualTo(SENTINEL);
        fresh.call(new DeletePortMapping(KEY));
        fresh.answerRelease(new MappingOutcome.Released());
        assertThat(fresh.lastAsked().key()).isEqualTo(SENTINEL);
    }

    @Test
    @Proves({"igd:I-CONN-06", "igd:I-CONN-07", "igd:I-CONN-02"})
    void saysThatItIsConnectedWhileItHasAnAddress() {
        igd.pass(Duration.ofSeconds(90));
        assertThat(igd.reply(new GetStatusInfo())).isEqualTo(new IgdReply.Status(true, 90));
        igd.handle(new IwfEvent.WanChanged(Optional.empty()));
        assertThat(igd.reply(new GetStatusInfo())).isEqualTo(new IgdReply.Status(false, 0));
        assertThat(igd.reply(new IgdAction.GetNATRSIPStatus())).isEqualTo(new IgdReply.NatRsipStatus(false, true));
        assertThat(igd.reply(new IgdAction.GetConnectionTypeInfo()))
                .isEqualTo(new IgdReply.ConnectionTypeInfo("IP_Routed"));
    }

    @Test
    void anEntryWhosePortMovedIsGone() {
        igd.opened();
        var renumbered = PcpAddress.parse("203.0.114.2");
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Granted(PCP_KEY, new Endpoint(renumbered, 8080))));
        assertThat(igd.reply(new GetExternalIPAddress()))
                .isEqualTo(new IgdReply.ExternalAddress(Optional.of(renumbered)));
        assertThat(igd.listed()).as("same port, other address").containsExactly(KEY);
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Granted(PCP_KEY, new Endpoint(renumbered, 4711))));
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).isEmpty();
    }

    @Test
    void anEntryThatExpiredAtTheProviderIsGone() {
        igd.opened();
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Lost(PCP_KEY)));
        igd.pass(Duration.ofSeconds(4));
        assertThat(igd.listed()).isEmpty();
    }

    @Test
    @Proves({"igd:I-IWFM-03", "pcp:I-07"})
    void repairsTheDifferenceBetweenItsTableAndPcpAtStart() {
        var kept = row(1);
        var lost = row(2);
        var endpoint = Optional.of(new Endpoint(EXTERNAL, kept.key().externalPort()));
        var orphan = new MappingKey(Optional.of(HOST), IpProtocol.UDP, 77, PcpAddress.ANY_IPV4);
        var others = new MappingKey(Optional.of(HOST), IpProtocol.UDP, 78, PcpAddress.ANY_IPV4);
        var fresh = new Lockstep();
        fresh.start(
                List.of(kept, lost),
                List.of(
                        new MappingView(kept.pcpKey(), "igd", "MAPPED", endpoint, Duration.ofHours(1)),
                        new MappingView(orphan, "igd", "MAPPED", endpoint, Duration.ofHours(1)),
                        new MappingView(others, "somebody else", "MAPPED", endpoint, Duration.ofHours(1)),
                        new MappingView(SENTINEL, "igd", "MAPPED", endpoint, Duration.ofHours(1))));
        assertThat(fresh.released.values()).containsExactlyInAnyOrder(orphan, SENTINEL);
        assertThat(fresh.listed()).containsExactly(kept.key(), lost.key());
        assertThat(fresh.asked.values()).extracting(MappingRequest::key).containsExactly(lost.pcpKey());
        assertThat(fresh.nat).hasSize(2).allMatch(NatChange.Install.class::isInstance);
        assertThat(fresh.reply(new GetExternalIPAddress()))
                .isEqualTo(new IgdReply.ExternalAddress(Optional.of(EXTERNAL)));

        fresh.answer(new MappingOutcome.Refused(ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), new Lifetime(30)));
        assertThat(fresh.lastReleased()).isEqualTo(lost.pcpKey());
        fresh.answerRelease(new MappingOutcome.Released());
        assertThat(fresh.listed()).as("what cannot be had again is gone").containsExactly(kept.key());
    }

    @Test
    void asksAtStartForTheEntrysOwnPortIfTheMappingMovedBefore() {
        var moved = row(1);
        var fresh = new Lockstep();
        var view = new MappingView(
                moved.pcpKey(), "igd", "MAPPED", Optional.of(new Endpoint(EXTERNAL, 4711)), Duration.ofHours(1));
        fresh.start(List.of(moved), List.of(view));
        assertThat(fresh.lastAsked()).isEqualTo(moved.pcpRequest());
        fresh.answer(new MappingOutcome.Refused(ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), new Lifetime(30)));
        fresh.answerRelease(new MappingOutcome.Released());
        assertThat(fresh.listed()).isEmpty();
    }

    private static PortMapping row(int number) {
        return new PortMapping(key(2000 + number), 3000 + number, HOST, "stored", new Lease.Infinite());
    }
}
