package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.softwire.InsidePrefix;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of a CGN at which tunnels end. */
final class DsLiteSettingsTest {
    private static final List<String> LEAST =
            List.of("cgn = ds-lite", "pool = 203.0.114.1", "outside-interface = inet0", "aftr = 2001:db8:64::1");

    private static CgnSettings.Here read(List<String> lines) throws SettingsException {
        return CgnProcessSettings.of(new Settings("cgn.conf", lines)).cgn();
    }

    private static CgnSettings.DsLite with(String... more) throws SettingsException {
        var lines = new ArrayList<>(LEAST);
        lines.addAll(List.of(more));
        return (CgnSettings.DsLite) read(lines);
    }

    @Test
    void needsNoMoreThanItsEnds() throws Exception {
        var settings = with();
        assertThat(settings.rules().inside()).isEqualTo("dslite0");
        assertThat(settings.rules().outside()).isEqualTo("inet0");
        var tunnels = settings.tunnels();
        assertThat(tunnels.aftr()).isEqualTo(PcpAddress.parse("2001:db8:64::1"));
        assertThat(tunnels.prefix()).isEqualTo(new InsidePrefix(PcpAddress.parse("100.96.0.0"), 12));
        assertThat(tunnels.mtu()).isEqualTo(1460);
        assertThat(tunnels.b4s()).accepts(PcpAddress.parse("2001:db8::2"), PcpAddress.parse("fd00::1"));
    }

    @Test
    void allCanBeSaid() throws Exception {
        var settings = with(
                "inside-interface = tunnels",
                "inside-prefix = 10.64.0.0/16",
                "homes = 2001:db8:64::/48, 2001:db8:9::2");
        assertThat(settings.rules().inside()).isEqualTo("tunnels");
        assertThat(settings.tunnels().prefix()).isEqualTo(new InsidePrefix(PcpAddress.parse("10.64.0.0"), 16));
        assertThat(settings.tunnels().b4s())
                .accepts(PcpAddress.parse("2001:db8:64:ffff::2"), PcpAddress.parse("2001:db8:9::2"))
                .rejects(PcpAddress.parse("2001:db8:65::2"), PcpAddress.parse("2001:db8:9::3"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            inside-prefix = 100.96.0.0/31  | inside-prefix = '100.96.0.0/31' is not an IPv4 prefix of 8 to 30 bits
            inside-prefix = 100.96.0.1/12  | inside-prefix = '100.96.0.1/12' is not an IPv4 prefix of 8 to 30 bits
            inside-prefix = 2001:db8::/32  | inside-prefix = '2001:db8::/32' is not an IPv4 prefix of 8 to 30 bits
            inside-prefix = 203.0.114.0/24 | inside-prefix = '203.0.114.0/24' is not apart from the addresses of 'pool'
            homes = everybody              | homes = 'everybody' is not IPv6 addresses or prefixes
            inside-interface = a b         | inside-interface = 'a b' is not the name of a network interface
            """)
    void refuses(String line, String message) {
        assertThatThrownBy(() -> with(line)).hasMessageStartingWith("cgn.conf:5: " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "::", "ff02::1", "fe80::1"})
    void homesCannotReach(String aftr) {
        var lines = new ArrayList<>(LEAST);
        lines.set(3, "aftr = " + aftr);
        assertThatThrownBy(() -> read(lines))
                .hasMessage("cgn.conf:4: aftr = '" + aftr
                        + "' is not an IPv6 address of this machine that homes can reach");
    }

    @Test
    void cannotDoWithoutItsEnd() {
        assertThatThrownBy(() -> read(LEAST.subList(0, 3))).hasMessage("cgn.conf: 'aftr' is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aftr = 2001:db8::1", "inside-prefix = 100.96.0.0/12", "homes = 2001:db8::/32"})
    void aCgnWithoutTunnelsHasNoUseFor(String line) {
        assertThatThrownBy(() -> read(List.of("pool = 203.0.114.1", line)))
                .hasMessageEndingWith("is not of any use without tunnels: remove it, or say cgn = ds-lite");
        assertThatThrownBy(() -> ServerSettings.of(
                        new Settings("server.conf", List.of("listen = ::1", "cgn = remote", "state-dir = x", line))))
                .hasMessageEndingWith("is not of any use without tunnels: remove it, or say cgn = ds-lite");
    }
}
