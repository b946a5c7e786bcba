package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.DONE;
import static io.portreeve.igd.iwf.Lockstep.EXTERNAL;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.PCP_KEY;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.DeletionPolicy.WhenRefused;
import io.portreeve.igd.iwf.DeletionPolicy.WhileSilent;
import io.portreeve.igd.iwf.IgdAction.DeletePortMapping;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Entries whose deletion the provider does not confirm. */
class DeletionTest {
    private static final MappingOutcome REFUSED =
            new MappingOutcome.Refused(ResultCode.NOT_AUTHORIZED.value(), new Lifetime(1800));

    private static Lockstep with(WhileSilent whileSilent, WhenRefused whenRefused) {
        var policy = IwfPolicy.ROUTING.with(new DeletionPolicy(whileSilent, whenRefused));
        var igd = new Lockstep(policy).started();
        igd.opened();
        return igd;
    }

    @Test
    @Proves({"igd:I-IWFR-05", "igd:I-DEL-03"})
    void aTombstoneIsGoneForControlPointsAndTheClientGoesOn() {
        var igd = Lockstep.up();
        igd.opened();
        long call = igd.call(new DeletePortMapping(KEY));
        int asked = igd.asked.size();
        igd.pass(igd.policy.deadline());
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.listed()).isEmpty();
        assertThat(igd.rules).isEmpty();
        assertThat(igd.rows).isEmpty();
        assertThat(igd.asked.values().stream().skip(asked))
                .as("released, and not wanted again")
                .noneMatch(request -> request.key().equals(PCP_KEY));
    }

    @Test
    @Proves({"igd:I-IWFR-05", "igd:I-DEL-03"})
    void aDeletionThatFailsLeavesTheEntryAndPcpIsAskedForItAgain() {
        for (boolean silent : List.of(true, false)) {
            var igd = with(WhileSilent.FAIL, WhenRefused.RELAY);
            int published = igd.published.size();
            long call = igd.call(new DeletePortMapping(KEY));
            if (silent) {
                igd.pass(igd.policy.deadline());
            } else {
                igd.answerRelease(new MappingOutcome.Unreachable());
            }
            assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
            assertThat(igd.listed()).containsExactly(KEY);
            assertThat(igd.rules).hasSize(1);
            assertThat(igd.rows).containsOnlyKeys(KEY);
            assertThat(igd.published).hasSize(published);
            assertThat(igd.lastAsked().key()).isEqualTo(PCP_KEY);
            igd.grant(8080);
            assertThat(igd.listed()).containsExactly(KEY);
            long again = igd.call(new DeletePortMapping(KEY));
            igd.answerRelease(new MappingOutcome.Released());
            assertThat(igd.replies).containsEntry(again, DONE);
            assertThat(igd.listed()).isEmpty();
        }
    }

    @Test
    @Proves("igd:I-IWFR-05")
    void whatWasDeletedAfterAllAndCannotBeHadAgainIsGone() {
        var igd = with(WhileSilent.FAIL, WhenRefused.RELAY);
        igd.call(new DeletePortMapping(KEY));
        igd.pass(igd.policy.deadline());
        igd.grant(4711);
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).isEmpty();
        assertThat(igd.audited().getLast())
                .isEqualTo("lost TCP 8080 -> 192.168.1.10:8080: the provider has moved it to port 4711");
    }

    @Test
    @Proves("igd:I-LEASE-04")
    void aLeaseEndsThoughItsDeletionFailed() {
        var igd = with(WhileSilent.FAIL, WhenRefused.RELAY);
        igd.call(add(key(9090), 9090, HOST, 60));
        igd.grant(9090);
        igd.call(new DeletePortMapping(key(9090)));
        igd.pass(igd.policy.deadline());
        igd.grant(9090);
        assertThat(igd.listed()).containsExactly(KEY, key(9090));
        igd.pass(Duration.ofMinutes(2));
        assertThat(igd.listed()).as("a silent server keeps nothing alive").containsExactly(KEY);
    }

    @Test
    @Proves("igd:P-17")
    void aDeletionThatIsAnsweredWithALifetimeIsOne() {
        var igd = Lockstep.up();
        igd.opened();
        long call = igd.call(new DeletePortMapping(KEY));
        igd.answerRelease(new MappingOutcome.Granted(new Endpoint(EXTERNAL, 8080), new Lifetime(120)));
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.listed()).isEmpty();
    }

    @Test
    @Proves("igd:P-18")
    void aRefusedDeletionMayEndTheEntryAllTheSame() {
        var igd = with(WhileSilent.TOMBSTONE, WhenRefused.DROP);
        long call = igd.call(new DeletePortMapping(KEY));
        igd.answerRelease(REFUSED);
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.listed()).isEmpty();
        assertThat(igd.audited())
                .as("with a warning")
                .anyMatch(line -> line.startsWith("not closed TCP 8080 -> 192.168.1.10:8080: the provider refused"));
    }

    /** The client has forgotten the mapping, and asks for it again. */
    @Test
    void whoOpensWhatCouldNotBeDeletedWaitsForTheProvider() {
        var igd = with(WhileSilent.TOMBSTONE, WhenRefused.RELAY);
        igd.call(new DeletePortMapping(KEY));
        igd.answerRelease(REFUSED);
        long restored = igd.asked.keySet().stream().max(Long::compare).orElseThrow();
        long call = igd.addDefault();
        assertThat(igd.replies).doesNotContainKey(call);
        igd.handle(new IwfEvent.PcpAnswered(restored, REFUSED));
        igd.answer(REFUSED);
        assertThat(igd.replies).containsEntry(call, failed(IgdError.CONFLICT));
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).isEmpty();
    }

    /** NAT port 1024 leads to an entry whose external port is another one, because that WAN port is the gateway's own. */
    private static Lockstep translating() {
        var igd = Lockstep.translating().started();
        igd.call(add(new PortMappingKey(Optional.empty(), 5351, IpProtocol.UDP), 8080, HOST, 0));
        igd.grant(5351);
        assertThat(igd.lastAsked().key().internalPort()).isEqualTo(1024);
        igd.call(new DeletePortMapping(igd.listed().getFirst()));
        return igd;
    }

    private static int natPortFor(Lockstep igd, int externalPort) {
        var key = new PortMappingKey(Optional.empty(), externalPort, IpProtocol.UDP);
        igd.call(OTHER_HOST, IgdFace.V1, add(key, 8080, OTHER_HOST, 0));
        return igd.lastAsked().key().internalPort();
    }

    @Test
    @Proves("igd:I-IWFR-05")
    void aPortThatPcpMayStillKnowByAnotherPortWaitsForTheDeletion() {
        var igd = translating();
        igd.pass(igd.policy.deadline());
        assertThat(natPortFor(igd, 1024)).isEqualTo(1025);
        long release = igd.released.entrySet().stream()
                .filter(it -> it.getValue().internalPort() == 1024)
                .findFirst()
                .orElseThrow()
                .getKey();
        igd.handle(new IwfEvent.PcpAnswered(release, new MappingOutcome.Released()));
        assertThat(natPortFor(igd, 5350)).isEqualTo(1024);
    }

    @Test
    void aPortThatIsWantedAsItWasIsHadAgain() {
        var igd = Lockstep.translating().started();
        igd.opened();
        igd.call(new DeletePortMapping(KEY));
        igd.pass(igd.policy.deadline());
        igd.call(OTHER_HOST, IgdFace.V1, add(KEY, 8080, OTHER_HOST, 0));
        assertThat(igd.lastAsked().key().internalPort())
                .as("the same mapping for PCP, which need not delete it any more")
                .isEqualTo(8080);
    }
}
