package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.DONE;
import static io.portreeve.igd.iwf.Lockstep.EXTERNAL;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.PCP_KEY;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.entry;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingLease;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.igd.iwf.IgdAction.DeletePortMapping;
import io.portreeve.igd.iwf.IgdAction.GetExternalIPAddress;
import io.portreeve.igd.iwf.IgdAction.GetGenericPortMappingEntry;
import io.portreeve.igd.iwf.IgdAction.GetSpecificPortMappingEntry;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class InterworkingTest {
    private static final MappingKey SENTINEL = Sentinel.KEYS.getFirst();

    private static final MappingOutcome REFUSED =
            new MappingOutcome.Refused(ResultCode.NOT_AUTHORIZED.value(), new Lifetime(1800));

    private final Lockstep igd = Lockstep.up();

    @Test
    @Proves({"igd:I-ADD-01", "igd:I-IWFD-02", "igd:I-IWFM-07", "igd:I-IWFM-09", "pcp:I-05"})
    void opensAPortThroughPcpNatAndStoreBeforeItSaysSo() {
        igd.all.clear();
        long call = igd.addDefault();
        assertThat(igd.lastAsked())
                .isEqualTo(
                        new MappingRequest(PCP_KEY, "igd", Lockstep.exactly(8080), Lifetime.INFINITE, Lockstep.TERMS));
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
    @Proves({"igd:I-GEN-01", "igd:I-GEN-02", "pcp:I-03", "pcp:I-12"})
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
    @Proves("igd:I-DEL-03")
    void deletesAfterPcpConfirmed() {
        igd.opened();
        long call = igd.call(new DeletePortMapping(KEY));
        assertThat(igd.replies).doesNotContainKey(call);
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.nat.getLast())
                .isEqualTo(new NatChange.Remove(new NatRule(IpProtocol.TCP, OptionalInt.empty(), HOST, 8080)));
        assertThat(igd.stored.getLast()).isInstanceOf(IwfEffect.Erase.class);
        assertThat(igd.listed()).isEmpty();
    }

    @Test
    void deletesForTheControlPointEvenIfTheServerIsSilent() {
        igd.opened();
        long call = igd.call(new DeletePortMapping(KEY));
        igd.pass(Duration.ofMillis(2999));
        assertThat(igd.replies).doesNotContainKey(call);
        igd.pass(Duration.ofMillis(1));
        assertThat(igd.replies)
                .as("a second before its deadline, for NAT and disk take time too")
                .containsEntry(call, DONE);
        assertThat(igd.listed()).isEmpty();
    }

    @Test
    @Proves("igd:P-18")
    void aDeleteTheProviderRefusesFailsAndTheEntryStaysIfItIsServed() {
        igd.opened();
        for (var face : IgdFace.values()) {
            long call = igd.call(HOST, face, new DeletePortMapping(KEY));
            igd.answerRelease(REFUSED);
            assertThat(igd.replies)
                    .containsEntry(call, failed(face == IgdFace.V1 ? IgdError.ACTION_FAILED : IgdError.NOT_AUTHORIZED));
            assertThat(igd.lastAsked().key()).as("the client has forgotten it").isEqualTo(PCP_KEY);
            igd.grant(8080);
            assertThat(igd.listed()).containsExactly(KEY);
            assertThat(igd.rules).hasSize(1);
        }
        igd.call(new DeletePortMapping(KEY));
        igd.answerRelease(REFUSED);
        igd.answer(REFUSED);
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).as("neither deleted nor served").isEmpty();
        assertThat(igd.rules).isEmpty();
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
    void whatCouldNotBeErasedIsErasedAsSoonAsTheDiskWorks() {
        igd.opened();
        igd.storeWorks = false;
        igd.call(new DeletePortMapping(KEY));
        igd.answerRelease(new MappingOutcome.Released());
        igd.pass(Duration.ofSeconds(30));
        assertThat(igd.rows).containsOnlyKeys(KEY);
        igd.storeWorks = true;
        igd.pass(Duration.ofSeconds(10));
        assertThat(igd.rows).isEmpty();
    }

    @Test
    void whatIsThereAgainIsNotErasedLater() {
        igd.opened();
        igd.storeWorks = false;
        igd.call(new DeletePortMapping(KEY));
        igd.answerRelease(new MappingOutcome.Released());
        igd.storeWorks = true;
        igd.opened();
        igd.pass(Duration.ofSeconds(10));
        assertThat(igd.rows).containsOnlyKeys(KEY);
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

    @Test
    @Proves({"igd:I-IWFM-03", "pcp:I-07", "pcp:I-12"})
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
        assertThat(fresh.engine.natRules()).containsExactly(kept.natRule(), lost.natRule());
        assertThat(fresh.reply(new GetExternalIPAddress()))
                .isEqualTo(new IgdReply.ExternalAddress(Optional.of(EXTERNAL)));

        fresh.answer(new MappingOutcome.Refused(ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), new Lifetime(30)));
        assertThat(fresh.lastReleased()).isEqualTo(lost.pcpKey());
        fresh.answerRelease(new MappingOutcome.Released());
        assertThat(fresh.listed()).as("what cannot be had again is gone").containsExactly(kept.key());
    }

    @Test
    void asksAtStartForWhatIsLeftOfALease() {
        var fresh = new Lockstep();
        var lease = new Lease.Timed(Duration.ofMinutes(11), fresh.now.plus(Duration.ofMinutes(10)));
        fresh.start(List.of(new PortMapping(Lockstep.KEY, 8080, HOST, "stored", lease)), List.of());
        assertThat(fresh.lastAsked().lease()).isEqualTo(new MappingLease.Timed(Duration.ofMinutes(10)));
    }

    @Test
    void asksAtStartForTheEntrysOwnPortIfTheMappingMovedBefore() {
        var moved = row(1);
        var fresh = new Lockstep();
        var view = new MappingView(
                moved.pcpKey(), "igd", "MAPPED", Optional.of(new Endpoint(EXTERNAL, 4711)), Duration.ofHours(1));
        fresh.start(List.of(moved), List.of(view));
        assertThat(fresh.lastAsked().external()).isEqualTo(Lockstep.exactly(2001));
        fresh.answer(new MappingOutcome.Refused(ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), new Lifetime(30)));
        fresh.answerRelease(new MappingOutcome.Released());
        assertThat(fresh.listed()).isEmpty();
    }

    private static PortMapping row(int number) {
        return new PortMapping(key(2000 + number), 3000 + number, HOST, "stored", new Lease.Infinite());
    }
}
