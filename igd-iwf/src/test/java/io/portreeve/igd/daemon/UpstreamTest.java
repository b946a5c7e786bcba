package io.portreeve.igd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamTest {
    private static final PcpAddress BEHIND_CGN = PcpAddress.parse("100.64.0.2");
    private static final PcpAddress PUBLIC = PcpAddress.parse("203.0.114.77");

    private static Upstream of(PcpAddress wan, String... settings) throws Exception {
        var lines = new ArrayList<>(List.of("lan-interface = lan0", "wan-interface = wan0"));
        lines.addAll(List.of(settings));
        return Upstream.of(GatewaySettings.from(new Settings("portreeve.conf", lines)), Optional.of(wan));
    }

    @Test
    void isThePcpServerThatIsSet() throws Exception {
        var translating = of(BEHIND_CGN, "pcp-server = 100.64.0.1");
        assertThat(translating.server()).contains(PcpAddress.parse("100.64.0.1"));
        assertThat(translating.asked()).isEqualTo("PCP server 100.64.0.1");
        assertThat(translating.explained())
                .isEqualTo("ports are opened by the PCP server 100.64.0.1 and this gateway's own NAT, at 100.64.0.2");
        assertThat(of(BEHIND_CGN, "pcp-server = 100.64.0.1", "nat = none").explained())
                .isEqualTo("ports are opened by the PCP server 100.64.0.1; this gateway only routes");
    }

    @Test
    void isNobodyIfTheWanAddressIsPublic() throws Exception {
        var upstream = of(PUBLIC, "pcp-server = 100.64.0.1");
        assertThat(upstream)
                .isEqualTo(new Upstream(
                        Optional.empty(),
                        Optional.of(PUBLIC),
                        "ports are opened on this gateway alone: its WAN address 203.0.114.77 is public"));
        assertThat(upstream.asked()).isEqualTo("no PCP server");
    }

    @Test
    @Proves({"igd:I-IWFM-01", "pcp:I-09"})
    void isNobodyIfNobodyIsSet() throws Exception {
        var upstream = of(BEHIND_CGN);
        assertThat(upstream.server()).isEmpty();
        assertThat(upstream.explained())
                .contains("no pcp-server is set")
                .endsWith("100.64.0.2 is not public, so nobody on the Internet reaches them");
    }

    @Test
    @Proves({"igd:I-IWFM-01", "pcp:I-09"})
    void isNobodyUntilThereIsAWanAddress() throws Exception {
        var lines = List.of("lan-interface = lan0", "wan-interface = wan0", "pcp-server = 100.64.0.1");
        var upstream = Upstream.of(GatewaySettings.from(new Settings("portreeve.conf", lines)), Optional.empty());
        assertThat(upstream.server()).isEmpty();
        assertThat(upstream.asked()).isEqualTo("no WAN address yet");
        assertThat(upstream.explained())
                .isEqualTo("network interface wan0 has no IPv4 address yet: ports are opened as soon as it has one");
        assertThat(of(BEHIND_CGN, "pcp-server = 100.64.0.1").asksTheSame(upstream))
                .isFalse();
    }

    @Test
    void isTheSameServerFromWhateverAddress() throws Exception {
        var server = "pcp-server = 100.64.0.1";
        var elsewhere = PcpAddress.parse("100.64.0.22");
        assertThat(of(elsewhere, server).asksTheSame(of(BEHIND_CGN, server))).isTrue();
        assertThat(of(PUBLIC, server).asksTheSame(of(BEHIND_CGN, server))).isFalse();
        assertThat(of(elsewhere).asksTheSame(of(BEHIND_CGN)))
                .as("the external address is another one")
                .isFalse();
        assertThat(of(PUBLIC, server).portsInUse()).isEqualTo(IwfPolicy.TRANSLATING.ownPorts());
        assertThat(of(BEHIND_CGN, server).portsInUse()).isEmpty();
    }

    @Test
    void saysThatNothingWouldOpenAPort() {
        assertThatThrownBy(() -> of(PUBLIC, "pcp-server = 100.64.0.1", "nat = none"))
                .isInstanceOf(StartException.class)
                .hasMessage("the WAN address 203.0.114.77 is public: no provider is asked, and with nat = none"
                        + " nothing would open a port; set nat = nftables");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "169.254.1.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.9",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.255.255",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.255",
                "224.0.0.1",
                "255.255.255.255",
                "2001:db8::1"
            })
    void theseAreNotPublic(String address) {
        assertThat(PublicAddress.isPublic(PcpAddress.parse(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.1",
                "192.167.255.255",
                "198.17.255.255",
                "198.20.0.0",
                "203.0.112.1",
                "203.0.114.1",
                "223.255.255.255"
            })
    void theseArePublic(String address) {
        assertThat(PublicAddress.isPublic(PcpAddress.parse(address))).isTrue();
    }
}
