package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.EXTERNAL;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.PCP_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.igd.iwf.IgdAction.DeletePortMapping;
import io.portreeve.igd.iwf.IgdAction.GetExternalIPAddress;
import io.portreeve.igd.iwf.IgdAction.GetStatusInfo;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the gateway knows of its WAN side without being asked for a port. */
class ExternalAddressTest {
    private static final MappingKey SENTINEL = Sentinel.KEYS.getFirst();

    private final Lockstep igd = Lockstep.up();

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
    void whatAnEarlierRunAskedForTellsTheExternalAddressWhenItIsGranted() {
        var again = new Lockstep();
        var entry = new PortMapping(KEY, 8080, Lockstep.HOST, "web", new Lease.Infinite());
        var view = new MappingView(PCP_KEY, PortMapping.OWNER, "WAIT_RESP", Optional.empty(), Duration.ZERO);
        again.start(List.of(entry), List.of(view));
        again.handle(new IwfEvent.WanChanged(Optional.of(Lockstep.WAN)));
        again.handle(new IwfEvent.PcpChanged(new MappingEvent.Granted(PCP_KEY, new Endpoint(EXTERNAL, 8080))));
        assertThat(again.reply(new GetExternalIPAddress()))
                .isEqualTo(new IgdReply.ExternalAddress(Optional.of(EXTERNAL)));
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
    @Proves({"igd:I-EXTIP-03", "igd:I-IWFM-06", "igd:I-SPEC-06", "pcp:C-REQ-07", "igd:D-11"})
    void anIdleGatewayKnowsItsExternalAddressByOneMapping() {
        var fresh = new Lockstep();
        fresh.start(List.of(), List.of());
        assertThat(fresh.reply(new GetExternalIPAddress())).isEqualTo(new IgdReply.ExternalAddress(Optional.empty()));
        fresh.handle(new IwfEvent.WanChanged(Optional.of(Lockstep.WAN)));
        assertThat(fresh.lastAsked().key()).isEqualTo(SENTINEL);
        assertThat(SENTINEL.internalPort()).isEqualTo(9);
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
    @Proves({"igd:I-CONN-06", "igd:I-CONN-07", "igd:I-CONN-02", "igd:C-19", "igd:D-15"})
    void saysThatItIsConnectedWhileItHasAnAddress() {
        igd.pass(Duration.ofSeconds(90));
        assertThat(igd.reply(new GetStatusInfo())).isEqualTo(new IgdReply.Status(true, 90));
        igd.handle(new IwfEvent.WanChanged(Optional.empty()));
        assertThat(igd.reply(new GetStatusInfo())).isEqualTo(new IgdReply.Status(false, 0));
        assertThat(igd.reply(new IgdAction.GetNATRSIPStatus())).isEqualTo(new IgdReply.NatRsipStatus(false, true));
        assertThat(igd.reply(new IgdAction.GetConnectionTypeInfo())).isEqualTo(new IgdReply.ConnectionTypeInfo());
    }

    @Test
    void theAddressOfAProviderThatIsAskedNoMoreIsNotShown() {
        igd.opened();
        var next = PcpAddress.parse("198.51.100.7");
        igd.handle(new IwfEvent.ProviderChanged(List.of(), Set.of()));
        assertThat(igd.reply(new GetExternalIPAddress())).isEqualTo(new IgdReply.ExternalAddress(Optional.empty()));
        assertThat(igd.published.getLast().external()).isEmpty();
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Granted(PCP_KEY, new Endpoint(next, 8080))));
        assertThat(igd.reply(new GetExternalIPAddress())).isEqualTo(new IgdReply.ExternalAddress(Optional.of(next)));
        assertThat(igd.published.getLast().external()).contains(next);
        assertThat(igd.listed()).containsExactly(KEY);
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
}
