package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.DONE;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.PCP_KEY;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.IgdAction.GetSpecificPortMappingEntry;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** GetSpecificPortMappingEntry that asks the provider. */
class ProbeTest {
    private static final AskingPolicy PROBING = AskingPolicy.USUAL.with(AskingPolicy.Lookup.RFC_PROBE);
    private static final IgdReply NO_SUCH_ENTRY = failed(IgdError.NO_SUCH_ENTRY);

    private final Lockstep igd =
            new Lockstep(IwfPolicy.ROUTING.with(Quotas.NONE).with(PROBING)).started();

    private long look(PortMappingKey key) {
        return igd.call(new GetSpecificPortMappingEntry(key));
    }

    private void looksWithoutAsking(PortMappingKey key) {
        int asked = igd.asked.size();
        assertThat(igd.replies.get(look(key))).isEqualTo(NO_SUCH_ENTRY);
        assertThat(igd.asked).hasSize(asked);
    }

    @Test
    @Proves({"igd:I-SPEC-03", "igd:P-00", "igd:C-22", "igd:D-09", "pcp:I-03"})
    void asksForThePortAndGivesItBackIfNobodyWantsIt() {
        long call = look(KEY);
        assertThat(igd.lastAsked().key()).isEqualTo(PCP_KEY);
        assertThat(igd.lastAsked().external()).isEqualTo(Lockstep.exactly(8080));
        assertThat(igd.lastAsked().lifetime()).isEqualTo(new Lifetime(60));
        assertThat(igd.replies).doesNotContainKey(call);
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(call, NO_SUCH_ENTRY);
        assertThat(igd.released).doesNotContainValue(PCP_KEY);
        igd.pass(Duration.ofSeconds(5));
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
    }

    @Test
    @Proves({"igd:I-SPEC-03", "igd:P-11", "pcp:I-03"})
    void aPortThatSomebodyElseHasIsNoEntryEither() {
        long call = look(KEY);
        igd.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL);
        assertThat(igd.replies).containsEntry(call, NO_SUCH_ENTRY);
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
    }

    @Test
    @Proves("igd:I-SPEC-03")
    void whereNobodyCanBeAskedItFails() {
        long unreachable = look(KEY);
        igd.answer(new MappingOutcome.Unreachable());
        assertThat(igd.replies).containsEntry(unreachable, failed(IgdError.ACTION_FAILED));
        long silent = look(key(8081));
        igd.pass(Duration.ofMillis(3999));
        assertThat(igd.replies).doesNotContainKey(silent);
        igd.pass(Duration.ofMillis(1));
        assertThat(igd.replies).containsEntry(silent, failed(IgdError.ACTION_FAILED));
        assertThat(igd.lastReleased().internalPort()).isEqualTo(8081);
        igd.grant(8081);
        assertThat(igd.listed()).as("too late").isEmpty();
    }

    @Test
    @Proves("igd:I-SPEC-04")
    void looksForAPortOnceAMinute() {
        look(KEY);
        igd.grant(8080);
        igd.pass(Duration.ofSeconds(59));
        looksWithoutAsking(KEY);
        igd.pass(Duration.ofSeconds(1));
        int asked = igd.asked.size();
        look(KEY);
        assertThat(igd.asked).hasSize(asked + 1);
    }

    @Test
    @Proves({"igd:I-SPEC-04", "igd:I-SPEC-02", "pcp:I-03"})
    void whatIsKnownHereIsAnsweredHere() {
        igd.opened();
        igd.call(add(key(9090), 9091, HOST, 0));
        igd.grant(9090);
        int asked = igd.asked.size();
        assertThat(igd.reply(new GetSpecificPortMappingEntry(KEY))).isEqualTo(Lockstep.entry(0));
        assertThat(igd.replies.get(igd.call(OTHER_HOST, IgdFace.V1, new GetSpecificPortMappingEntry(KEY))))
                .isEqualTo(NO_SUCH_ENTRY);
        looksWithoutAsking(key(9091)); // the host's port 9091 has a mapping already, which must not move
        for (int port : List.of(1023, 3389)) {
            looksWithoutAsking(key(port)); // nobody gets it
        }
        assertThat(igd.asked).hasSize(asked);
    }

    @Test
    @Proves("igd:I-SPEC-05")
    void becomesTheEntryIfItsHostWantsItNow() {
        look(KEY);
        igd.grant(8080);
        long call = igd.addDefault();
        assertThat(igd.lastAsked().key()).isEqualTo(PCP_KEY);
        assertThat(igd.lastAsked().lifetime()).isEqualTo(Lifetime.INFINITE);
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(call, DONE);
        igd.pass(Duration.ofMinutes(1));
        assertThat(igd.released).doesNotContainValue(PCP_KEY);
        assertThat(igd.listed()).containsExactly(KEY);
    }

    @Test
    @Proves("igd:I-SPEC-05")
    void becomesTheEntryEvenBeforeTheProviderHasAnswered() {
        long looking = look(KEY);
        long call = igd.addDefault();
        assertThat(igd.replies).containsEntry(looking, NO_SUCH_ENTRY);
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(call, DONE);
    }

    @Test
    @Proves("igd:I-SPEC-05")
    void becomesTheEntryOfAnotherExternalPortToo() {
        look(KEY);
        igd.grant(8080);
        igd.call(add(key(9090), 8080, HOST, 0));
        assertThat(igd.lastAsked().external()).isEqualTo(Lockstep.exactly(9090));
        igd.grant(9090);
        igd.pass(Duration.ofMinutes(1));
        assertThat(igd.released).as("it is the same mapping for PCP").doesNotContainValue(PCP_KEY);
    }

    @ParameterizedTest
    @EnumSource(names = {"V1", "V2"})
    @Proves("igd:I-SPEC-05")
    void makesWayForAnotherInternalPort(IgdFace face) {
        look(KEY);
        igd.grant(8080);
        igd.all.clear();
        igd.call(HOST, face, add(KEY, 8081, HOST, 0));
        assertThat(igd.all.getFirst()).isInstanceOf(IwfEffect.ReleasePcp.class);
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
        assertThat(igd.lastAsked().key().internalPort()).isEqualTo(8081);
    }

    @Test
    @Proves({"igd:I-SPEC-05", "igd:C-04"})
    void makesWayForAnotherHost() {
        look(KEY);
        igd.grant(8080);
        igd.call(OTHER_HOST, IgdFace.V1, add(KEY, 8080, OTHER_HOST, 0));
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
        assertThat(igd.lastAsked().key().thirdParty()).contains(OTHER_HOST);
    }

    @Test
    @Proves("igd:I-SPEC-06")
    void isNoEntryForAnybody() {
        look(KEY);
        igd.grant(8080);
        assertThat(igd.listed()).isEmpty();
        assertThat(igd.reply(new IgdAction.GetPortMappingNumberOfEntries())).isEqualTo(new IgdReply.NumberOfEntries(0));
        assertThat(igd.stored).isEmpty();
        assertThat(igd.rules).isEmpty();
        assertThat(igd.published).extracting(GatewayState::updateId).containsOnly(0L);
    }

    @Test
    @Proves("igd:I-SPEC-05")
    void takesTheNatPortAlongWhenItBecomesTheEntry() {
        var behindNat = new Lockstep(IwfPolicy.TRANSLATING.with(Quotas.NONE).with(PROBING)).started();
        behindNat.call(new GetSpecificPortMappingEntry(KEY));
        behindNat.grant(8080);
        behindNat.addDefault();
        var through8080 = new MappingKey(Optional.empty(), IpProtocol.TCP, 8080, PcpAddress.ANY_IPV4);
        assertThat(behindNat.lastAsked().key()).isEqualTo(through8080);
        assertThat(behindNat.released).as("not for a moment").doesNotContainValue(through8080);
        behindNat.grant(8080);
        assertThat(behindNat.listed()).containsExactly(KEY);
        behindNat.call(new IgdAction.DeletePortMapping(KEY));
        behindNat.answerRelease(new MappingOutcome.Released());
        behindNat.addDefault();
        assertThat(behindNat.lastAsked().key()).as("the port is free again").isEqualTo(through8080);
    }

    @Test
    @Proves("pcp:I-03")
    void isNotDoneUnlessItIsWanted() {
        var local = Lockstep.up();
        int asked = local.asked.size();
        assertThat(local.reply(new GetSpecificPortMappingEntry(KEY))).isEqualTo(NO_SUCH_ENTRY);
        assertThat(local.asked).hasSize(asked);
    }
}
