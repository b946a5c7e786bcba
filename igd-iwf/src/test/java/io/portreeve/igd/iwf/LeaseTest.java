package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.DONE;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.PCP_KEY;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.entry;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingLease;
import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.IgdAction.AddPortMapping;
import io.portreeve.igd.iwf.IgdAction.GetGenericPortMappingEntry;
import io.portreeve.igd.iwf.IgdAction.GetSpecificPortMappingEntry;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long an entry lives, and what asking for it again does. */
class LeaseTest {
    private final Lockstep igd = Lockstep.up();

    @Test
    @Proves({"igd:I-ADD-02", "igd:I-LEASE-05"})
    void askingAgainRenewsTheEntry() {
        igd.call(add(KEY, 8080, HOST, 3600));
        igd.grant(8080);
        igd.pass(Duration.ofMinutes(50));
        int asked = igd.asked.size();
        long same = igd.call(new AddPortMapping(KEY, 8080, HOST, true, "new words", 3600));
        assertThat(igd.asked).as("the client's time begins anew, too").hasSize(asked + 1);
        assertThat(igd.lastAsked().lease()).isEqualTo(new MappingLease.Timed(Duration.ofHours(1)));
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(same, DONE);
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
    void askingAgainForAnEntryWithoutEndAsksNobodyElse() {
        igd.opened();
        int asked = igd.asked.size();
        long again = igd.call(new AddPortMapping(KEY, 8080, HOST, true, "web", 0));
        assertThat(igd.replies).containsEntry(again, DONE);
        assertThat(igd.asked).as("the PCP mapping is as it should be").hasSize(asked);
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
    @Proves({
        "igd:I-LEASE-01",
        "igd:I-LEASE-02",
        "igd:I-IWFL-01",
        "pcp:I-02",
        "igd:C-06",
        "igd:D-04",
        "igd:C-18",
        "igd:I-LEASE-03"
    })
    void asksPcpForTheLease(Leased lease) {
        igd.call(HOST, lease.face(), add(KEY, 8080, HOST, lease.asked()));
        assertThat(igd.lastAsked().lifetime()).as(lease.why()).isEqualTo(lease.pcp());
        igd.grant(8080);
        assertThat(igd.reply(new GetSpecificPortMappingEntry(KEY)))
                .as(lease.why())
                .isEqualTo(entry(lease.readBack()));
    }

    @Test
    @Proves({"igd:I-GEN-04", "igd:I-IWFL-02", "igd:I-LEASE-04"})
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

    /** The entry is lost at the provider while its renewal is being asked for. */
    private void lostWhileRenewing() {
        igd.opened();
        igd.call(add(KEY, 8080, HOST, 60));
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Lost(igd.lastAsked().key())));
        assertThat(igd.listed()).containsExactly(KEY);
    }

    @Test
    void anEntryThatIsLostWhileItIsRenewedInVainIsGone() {
        lostWhileRenewing();
        igd.answer(new MappingOutcome.Refused(ResultCode.NO_RESOURCES.value(), new Lifetime(30)));
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).isEmpty();
    }

    @Test
    void anEntryThatIsLostAndRenewedStays() {
        lostWhileRenewing();
        igd.grant(8080);
        assertThat(igd.listed()).containsExactly(KEY);
        assertThat(igd.released).doesNotContainValue(igd.lastAsked().key());
    }
}
