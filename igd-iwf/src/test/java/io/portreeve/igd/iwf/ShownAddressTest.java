package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.EXTERNAL;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.PCP_KEY;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.IgdAction.DeletePortMapping;
import io.portreeve.igd.iwf.IgdAction.GetExternalIPAddress;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which external address whom is shown. */
class ShownAddressTest {
    private static final PcpAddress SECOND = PcpAddress.parse("203.0.114.2");

    private final Lockstep igd = Lockstep.up();

    private Optional<PcpAddress> shown(PcpAddress host) {
        long call = igd.call(host, IgdFace.V1, new GetExternalIPAddress());
        return ((IgdReply.ExternalAddress) igd.replies.get(call)).address();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.0.2", "2001:db8:64::2"})
    @Proves("igd:I-EXTIP-04")
    void behindATunnelItIsTheAddressThatTheProviderGives(String wan) {
        var tunnelled = new Lockstep();
        tunnelled.start(List.of(), List.of());
        tunnelled.handle(new IwfEvent.WanChanged(Optional.of(PcpAddress.parse(wan))));
        assertThat(tunnelled.reply(new GetExternalIPAddress()))
                .isEqualTo(new IgdReply.ExternalAddress(Optional.empty()));
        tunnelled.grant(9);
        assertThat(tunnelled.reply(new GetExternalIPAddress()))
                .isEqualTo(new IgdReply.ExternalAddress(Optional.of(EXTERNAL)));
    }

    private void grant(PcpAddress address, int port) {
        igd.answer(new MappingOutcome.Granted(new Endpoint(address, port), new Lifetime(3600)));
    }

    private void open(PcpAddress host, int port, PcpAddress address) {
        igd.call(host, IgdFace.V1, add(key(port), port, host, 0));
        grant(address, port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "127.0.0.1",
                "224.0.0.1",
                "239.9.9.9",
                "255.255.255.255",
                "240.0.0.1",
                "2001:db8::1"
            })
    @Proves("igd:I-EXTIP-01")
    void nobodyIsShownAnAddressThatIsNone(String address) {
        var fresh = new Lockstep();
        fresh.start(List.of(), List.of());
        fresh.handle(new IwfEvent.WanChanged(Optional.of(Lockstep.WAN)));
        fresh.answer(new MappingOutcome.Granted(new Endpoint(PcpAddress.parse(address), 50_000), new Lifetime(600)));
        assertThat(fresh.reply(new GetExternalIPAddress())).isEqualTo(new IgdReply.ExternalAddress(Optional.empty()));
        assertThat(fresh.published).extracting(GatewayState::external).containsOnly(Optional.empty());
        assertThat(fresh.audited())
                .containsExactly("no external address for now: the provider has given " + PcpAddress.parse(address)
                        + ", where nobody is reached");
        fresh.grant(50_000);
        fresh.opened();
        assertThat(fresh.reply(new GetExternalIPAddress()))
                .isEqualTo(new IgdReply.ExternalAddress(Optional.of(EXTERNAL)));
    }

    @Test
    @Proves("igd:I-EXTIP-02")
    void aHostIsShownTheAddressOfItsOwnMappingsFirst() {
        open(HOST, 2001, EXTERNAL);
        open(OTHER_HOST, 2002, SECOND);
        assertThat(shown(HOST)).contains(EXTERNAL);
        assertThat(shown(OTHER_HOST)).contains(SECOND);
        assertThat(shown(PcpAddress.parse("192.168.1.12"))).as("the last one").contains(SECOND);
        assertThat(igd.published.getLast().external()).as("of all").contains(SECOND);
        open(HOST, 2003, SECOND);
        assertThat(shown(HOST)).as("of what it has made last").contains(SECOND);
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Granted(
                igd.rows.get(key(2002)).pcpKey(), new Endpoint(PcpAddress.parse("203.0.114.3"), 2002))));
        assertThat(shown(OTHER_HOST)).as("renumbered").contains(PcpAddress.parse("203.0.114.3"));
        assertThat(shown(HOST)).contains(SECOND);
    }

    @Test
    @Proves({"igd:I-EXTIP-03", "igd:I-EXTIP-01"})
    void theAddressIsKeptWhileOneMappingTakesThePlaceOfAnother() {
        igd.published.clear();
        igd.opened();
        igd.call(new DeletePortMapping(KEY));
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).isEmpty();
        igd.pass(Duration.ofSeconds(50));
        grant(EXTERNAL, 9);
        igd.pass(Duration.ofMinutes(10));
        assertThat(igd.published).extracting(GatewayState::external).containsOnly(Optional.of(EXTERNAL));
    }

    @Test
    @Proves("igd:I-EXTIP-01")
    void theAddressGoesWhenNothingIsGrantedAnyMore() {
        igd.opened();
        igd.call(new DeletePortMapping(KEY));
        igd.answerRelease(new MappingOutcome.Released());
        igd.pass(Duration.ofMinutes(1));
        assertThat(shown(HOST)).as("of the sentinel nothing is heard").isEmpty();
        assertThat(igd.published.getLast().external()).isEmpty();
        grant(SECOND, 9);
        assertThat(shown(HOST)).contains(SECOND);
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Lost(Sentinel.KEYS.getFirst())));
        assertThat(shown(HOST)).as("the sentinel is lost").isEmpty();
    }

    @Test
    @Proves("igd:I-EXTIP-01")
    void withoutAWanThereIsNoAddress() {
        igd.opened();
        igd.handle(new IwfEvent.WanChanged(Optional.empty()));
        assertThat(shown(HOST)).isEmpty();
        assertThat(igd.published.getLast().external()).isEmpty();
        igd.handle(new IwfEvent.WanChanged(Optional.of(Lockstep.WAN)));
        assertThat(shown(HOST)).as("the mapping is still there").contains(EXTERNAL);
    }

    @Test
    void whatWasGivenBackTellsNothingMore() {
        igd.opened();
        igd.call(new DeletePortMapping(KEY));
        igd.answerRelease(new MappingOutcome.Released());
        grant(EXTERNAL, 9);
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Granted(PCP_KEY, new Endpoint(SECOND, 8080))));
        assertThat(shown(HOST)).contains(EXTERNAL);
    }
}
