package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.DONE;
import static io.portreeve.igd.iwf.Lockstep.EXTERNAL;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingLease;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.igd.iwf.IgdAction.DeletePortMapping;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A gateway with a NAT of its own: the provider maps a port of the gateway's WAN address. */
class TranslatingTest {
    private static final IgdReply FAILED = new IgdReply.Failed(IgdError.ACTION_FAILED);
    private static final PortMappingKey TAKEN = udp(5351);

    private final Lockstep igd = Lockstep.translating().started();

    private static MappingKey wanPort(IpProtocol protocol, int port) {
        return new MappingKey(Optional.empty(), protocol, port, PcpAddress.ANY_IPV4);
    }

    private static MappingKey tcp(int port) {
        return wanPort(IpProtocol.TCP, port);
    }

    private static PortMappingKey udp(int externalPort) {
        return new PortMappingKey(Optional.empty(), externalPort, IpProtocol.UDP);
    }

    private static NatRule rule(int natPort, int internalPort) {
        return new NatRule(IpProtocol.TCP, OptionalInt.of(natPort), HOST, internalPort);
    }

    private List<String> effects() {
        return igd.all.stream()
                .filter(effect -> !(effect instanceof IwfEffect.Audit))
                .map(effect -> effect.getClass().getSimpleName())
                .toList();
    }

    /** {@return true if port 8080 of the WAN address can be had} */
    private boolean isPortFree() {
        igd.natWorks = true;
        igd.storeWorks = true;
        igd.addDefault();
        return igd.lastAsked().key().equals(tcp(8080));
    }

    @Test
    @Proves({"igd:I-IWFM-08", "igd:I-IWFM-09", "pcp:I-08"})
    void asksTheProviderForItsOwnPortAndLeadsThatToTheHost() {
        igd.all.clear();
        long call = igd.call(add(KEY, 80, HOST, 3600));
        assertThat(igd.lastAsked())
                .isEqualTo(new MappingRequest(
                        tcp(8080),
                        "igd",
                        Lockstep.exactly(8080),
                        new MappingLease.Timed(Duration.ofHours(1)),
                        Lockstep.TERMS));
        assertThat(igd.rules).as("nothing leads in before the provider agrees").isEmpty();
        assertThat(igd.replies).doesNotContainKey(call);
        igd.grant(8080);
        assertThat(effects()).startsWith("AskPcp", "ChangeNat", "Save", "Reply");
        assertThat(igd.rules).containsExactly(rule(8080, 80));
        assertThat(igd.rows.get(KEY).natPort()).hasValue(8080);
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.entries())
                .as("control points see the host")
                .containsExactly(new IgdReply.Entry(KEY, 80, HOST, "web", 3600));
    }

    @Test
    @Proves("igd:I-IWFM-08")
    void takesAnotherPortWhereItsOwnIsInUseAndStillAsksForTheExternalOne() {
        long call = igd.call(add(TAKEN, 5351, HOST, 0));
        assertThat(igd.lastAsked().key()).isEqualTo(wanPort(IpProtocol.UDP, 1024));
        assertThat(igd.lastAsked().external()).isEqualTo(Lockstep.exactly(5351));
        igd.grant(5351);
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.listed()).containsExactly(TAKEN);
    }

    @Test
    @Proves("igd:I-ADD-11")
    void oneServiceCanHaveTwoExternalPorts() {
        igd.opened();
        long call = igd.call(add(key(9090), 8080, HOST, 0));
        igd.grant(9090);
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.listed()).containsExactly(KEY, key(9090));
        assertThat(igd.rules).containsExactlyInAnyOrder(rule(8080, 8080), rule(9090, 8080));

        igd.call(new DeletePortMapping(KEY));
        assertThat(igd.lastReleased()).isEqualTo(tcp(8080));
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).containsExactly(key(9090));
        assertThat(igd.rules).containsExactly(rule(9090, 8080));
    }

    @Test
    @Proves("igd:I-IWFM-09")
    void aRefusalOfTheProviderFreesThePort() {
        long call = igd.addDefault();
        igd.answer(new MappingOutcome.Refused(ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), new Lifetime(30)));
        assertThat(igd.replies).containsEntry(call, new IgdReply.Failed(IgdError.CONFLICT));
        assertThat(igd.lastReleased()).isEqualTo(tcp(8080));
        assertThat(igd.nat).isEmpty();
        assertThat(isPortFree()).isTrue();
    }

    @Test
    @Proves("igd:I-IWFM-09")
    void aFailureOfTheNatFreesTheMappingAndThePort() {
        igd.natWorks = false;
        long call = igd.addDefault();
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(call, FAILED);
        assertThat(igd.lastReleased()).isEqualTo(tcp(8080));
        assertThat(igd.stored).isEmpty();
        assertThat(isPortFree()).isTrue();
    }

    @Test
    @Proves("igd:I-IWFM-09")
    void aFailureOfTheStoreRemovesTheRuleThenTheMappingThenThePort() {
        igd.all.clear();
        igd.storeWorks = false;
        long call = igd.addDefault();
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(call, FAILED);
        assertThat(igd.rules).isEmpty();
        assertThat(effects()).startsWith("AskPcp", "ChangeNat", "Save", "Reply", "ChangeNat", "ReleasePcp");
        assertThat(igd.lastReleased()).isEqualTo(tcp(8080));
        assertThat(isPortFree()).isTrue();
    }

    @Test
    void nobodyAdoptsWhatIsBeingUndone() {
        igd.storeWorks = false;
        igd.natAnswers = false;
        long first = igd.addDefault();
        igd.grant(8080);
        igd.natDone(true);
        assertThat(igd.replies).containsEntry(first, FAILED);
        igd.storeWorks = true;
        long again = igd.addDefault();
        assertThat(igd.replies).as("waits for the rule to go").doesNotContainKey(again);
        igd.natDone(true);
        igd.natAnswers = true;
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(again, DONE);
        assertThat(igd.rules).containsExactly(rule(8080, 8080));
    }

    @Test
    @Proves({"igd:I-IWFM-09", "igd:I-IWFM-10", "pcp:I-08"})
    void aRemovalFreesThePortOnlyWhenTheRuleIsGone() {
        igd.opened();
        igd.natAnswers = false;
        igd.call(new DeletePortMapping(KEY));
        assertThat(igd.rules).as("as long as the provider's mapping").hasSize(1);
        igd.answerRelease(new MappingOutcome.Released());
        long next = igd.call(OTHER_HOST, IgdFace.V1, add(KEY, 80, OTHER_HOST, 0));
        assertThat(igd.lastAsked().key()).as("waits for the rule to go").isEqualTo(tcp(8080));
        assertThat(igd.replies).doesNotContainKey(next);
        igd.natDone(true);
        igd.natAnswers = true;
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(next, DONE);
        assertThat(igd.rules).containsExactly(new NatRule(IpProtocol.TCP, OptionalInt.of(8080), OTHER_HOST, 80));
    }

    @Test
    void aRuleThatCannotBeRemovedKeepsItsPort() {
        igd.opened();
        igd.natWorks = false;
        long call = igd.call(new DeletePortMapping(KEY));
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(isPortFree()).isFalse();
        assertThat(igd.lastAsked().key()).isEqualTo(tcp(1024));
    }

    @Test
    void aFailedRenewalLeavesTheEntryAndItsPort() {
        igd.opened();
        igd.storeWorks = false;
        igd.call(add(KEY, 8080, HOST, 0));
        assertThat(igd.listed()).containsExactly(KEY);
        assertThat(igd.rules).containsExactly(rule(8080, 8080));
        igd.storeWorks = true;
        igd.call(add(TAKEN, 1, HOST, 0));
        igd.grant(5351);
        igd.call(add(TAKEN, 1, HOST, 60));
        assertThat(igd.lastAsked().key()).as("a renewal keeps its port").isEqualTo(wanPort(IpProtocol.UDP, 1024));
    }

    @Test
    void aLateSuccessKeepsTheReservedPort() {
        igd.call(add(TAKEN, 1, HOST, 0));
        igd.pass(Duration.ofSeconds(5));
        igd.call(add(udp(1024), 2, HOST, 0));
        assertThat(igd.lastAsked().key()).isEqualTo(wanPort(IpProtocol.UDP, 1025));
        long again = igd.call(add(TAKEN, 1, HOST, 0));
        var reserved = wanPort(IpProtocol.UDP, 1024);
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Granted(reserved, new Endpoint(EXTERNAL, 5351))));
        assertThat(igd.replies).containsEntry(again, DONE);
        assertThat(igd.rules).containsExactly(new NatRule(IpProtocol.UDP, OptionalInt.of(1024), HOST, 1));
    }

    @Test
    void givesUpAPortThatNobodyAsksForAgain() {
        igd.addDefault();
        igd.pass(Duration.ofSeconds(65));
        assertThat(igd.lastReleased()).isEqualTo(tcp(8080));
        assertThat(isPortFree()).isTrue();
    }

    @Test
    void saysThatItHasNoPortLeft() {
        var full = Lockstep.translating();
        full.start(
                IntStream.rangeClosed(1024, 65_535)
                        .filter(port -> port != 5351)
                        .mapToObj(port -> new PortMapping(udp(port), 80, HOST, "", new Lease.Infinite()))
                        .toList(),
                List.of());
        assertThat(full.rules).as("5350 has 5351's place, and so on").hasSize(65_536 - 1024 - 2);
        long call = full.call(HOST, IgdFace.V1, add(TAKEN, 80, HOST, 0));
        long onV2 = full.call(HOST, IgdFace.V2, add(TAKEN, 8080, HOST, 0));
        assertThat(full.replies)
                .containsEntry(call, FAILED)
                .containsEntry(onV2, new IgdReply.Failed(IgdError.NO_PORT_MAPS_AVAILABLE));
    }

    @Test
    @Proves({"igd:I-IWFR-07", "igd:I-IWFM-03"})
    void findsItsPortsAgainAfterARestart() {
        var row = new PortMapping(
                TAKEN, 5351, HOST, "stored", new Lease.Infinite(), OptionalInt.of(1030), PortChoice.EXACTLY);
        var view = new MappingView(
                wanPort(IpProtocol.UDP, 1030),
                "igd",
                "MAPPED",
                Optional.of(new Endpoint(EXTERNAL, 5351)),
                Duration.ofHours(1));
        var fresh = Lockstep.translating();
        fresh.start(List.of(row), List.of(view));
        assertThat(fresh.asked).isEmpty();
        assertThat(fresh.released).isEmpty();
        assertThat(fresh.engine.natRules()).containsExactly(row.natRule());
        assertThat(fresh.stored).isEmpty();
        fresh.call(add(udp(1030), 80, HOST, 0));
        assertThat(fresh.lastAsked().key()).as("taken").isEqualTo(wanPort(IpProtocol.UDP, 1024));
    }

    @Test
    void givesPortsToEntriesOfAGatewayThatRouted() {
        var routed = new PortMapping(KEY, 80, HOST, "stored", new Lease.Infinite());
        var endpoint = Optional.of(new Endpoint(EXTERNAL, 8080));
        var fresh = Lockstep.translating();
        fresh.start(
                List.of(routed),
                List.of(new MappingView(routed.pcpKey(), "igd", "MAPPED", endpoint, Duration.ofHours(1))));
        assertThat(effects(fresh)).endsWith("Save", "ReleasePcp", "AskPcp", "Publish");
        assertThat(fresh.lastReleased()).isEqualTo(routed.pcpKey());
        assertThat(fresh.lastAsked().key()).isEqualTo(tcp(8080));
        assertThat(fresh.rows.get(KEY).natPort()).hasValue(8080);
        assertThat(fresh.rules).containsExactly(rule(8080, 80));
    }

    @Test
    void takesThePortsFromEntriesOfAGatewayThatTranslated() {
        var translated = new PortMapping(
                KEY, 80, HOST, "stored", new Lease.Infinite(), OptionalInt.of(8080), PortChoice.EXACTLY);
        var fresh = new Lockstep();
        fresh.start(List.of(translated), List.of());
        assertThat(fresh.rows.get(KEY).natPort()).isEmpty();
        assertThat(fresh.lastAsked().key().thirdParty()).contains(HOST);
    }

    private static List<String> effects(Lockstep igd) {
        return igd.all.stream().map(effect -> effect.getClass().getSimpleName()).toList();
    }
}
