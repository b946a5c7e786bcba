package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.FirewallRules;
import io.portreeve.server.cgn.NftablesRules;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.PortSpan;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys that say which CGN it is. */
final class CgnSettingsTest {
    private static final List<String> LEAST = List.of("listen = 192.0.2.1", "pool = 203.0.114.1", "state-dir = /var/x");

    private static ServerSettings read(List<String> lines) throws SettingsException {
        return ServerSettings.of(new Settings("test.conf", lines));
    }

    private static List<String> nftables(String... more) {
        var lines = new ArrayList<>(LEAST);
        lines.add("cgn = nftables");
        lines.addAll(List.of(more));
        return lines;
    }

    private static CgnSettings rules(int firstPort, int lastPort, int firstImplicit, int lastImplicit) {
        var external = PcpAddress.parse("203.0.114.1");
        var pool = List.of(
                new PoolRange(external, IpProtocol.TCP, firstPort, lastPort),
                new PoolRange(external, IpProtocol.UDP, firstPort, lastPort));
        return new CgnSettings.Nftables(
                new NftablesRules(pool, "access0", "inet0", new PortSpan(firstImplicit, lastImplicit)));
    }

    @Test
    void nftablesHasPortsForBothKindsOfMappings() throws Exception {
        assertThat(read(nftables("inside-interface = access0", "outside-interface = inet0"))
                        .cgn())
                .isEqualTo(rules(1024, 32_767, 32_768, 65_535));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1024-40000  | 1024  | 40000 | 40001 | 65535
            40000-65535 | 40000 | 65535 | 1024  | 39999
            20000-59999 | 20000 | 59999 | 1024  | 19999
            2000-20000  | 2000  | 20000 | 20001 | 65535
            1025-65535  | 1025  | 65535 | 1024  | 1024
            1-65534     | 1     | 65534 | 65535 | 65535
            1-1023      | 1     | 1023  | 1024  | 65535
            """)
    void implicitMappingsHaveTheLargerRest(String ports, int first, int last, int firstImplicit, int lastImplicit)
            throws Exception {
        assertThat(read(nftables("inside-interface = access0", "outside-interface = inet0", "pool-ports = " + ports))
                        .cgn())
                .isEqualTo(rules(first, last, firstImplicit, lastImplicit));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            access0 | inet0     | 1024-65535 | test.conf:7: pool-ports = '1024-65535' is not less than 1024-65535
            access0 | inet0     | 1-65535    | test.conf:7: pool-ports = '1-65535' is not less than 1024-65535
            access0 | access0   | 1024-32767 | test.conf:6: outside-interface = 'access0' is not another one
            a"b     | inet0     | 1024-32767 | test.conf:5: inside-interface = 'a"b' is not the name of a network interface
            access0 | a b       | 1024-32767 | test.conf:6: outside-interface = 'a b' is not the name of a network interface
            access0 | 0123456789abcdef | 1024-32767 | test.conf:6: outside-interface
            """)
    void refusesForNftables(String inside, String outside, String ports, String message) {
        var lines = nftables("inside-interface = " + inside, "outside-interface = " + outside, "pool-ports = " + ports);
        assertThatThrownBy(() -> read(lines))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aPoolMayHaveAddressesOfBothFamilies() throws Exception {
        var lines = new ArrayList<>(LEAST);
        lines.set(1, "pool = 203.0.114.1-203.0.114.2, 203.0.114.9,2001:db8::fffe-2001:db8::1:0");
        assertThat(((CgnSettings.Mock) read(lines).cgn()).pool())
                .extracting(PoolRange::external)
                .extracting(PcpAddress::toString)
                .containsOnly(
                        "203.0.114.1",
                        "203.0.114.2",
                        "203.0.114.9",
                        "2001:db8:0:0:0:0:0:fffe",
                        "2001:db8:0:0:0:0:0:ffff",
                        "2001:db8:0:0:0:0:1:0");
    }

    @Test
    void aFirewallNeedsNoPool() throws Exception {
        var lines = List.of(LEAST.getFirst(), LEAST.getLast(), "cgn = firewall");
        assertThat(read(lines).cgn()).isEqualTo(new CgnSettings.Mock(PoolRange.ofFirewall()));
    }

    @ParameterizedTest
    @CsvSource({"pool, 203.0.114.1", "pool-ports, 1024-2000", "inside-interface, access0", "outside-interface, inet0"})
    void aFirewallHasNoUseFor(String key, String value) {
        var lines = List.of(LEAST.getFirst(), LEAST.getLast(), "cgn = firewall", key + " = " + value);
        assertThatThrownBy(() -> read(lines))
                .hasMessage("test.conf:4: " + key + " = '" + value + "' is not of any use to a firewall,"
                        + " which translates nothing: remove it");
    }

    private static List<String> nftablesFirewall(String... more) {
        var lines = new ArrayList<>(List.of(LEAST.getFirst(), LEAST.getLast(), "cgn = nftables-firewall"));
        lines.addAll(List.of(more));
        return lines;
    }

    @Test
    void aFirewallInTheKernelNeedsItsInterfaces() throws Exception {
        var lines = nftablesFirewall("inside-interface = access0", "outside-interface = inet0");
        var settings = read(lines);
        assertThat(settings.cgn()).isEqualTo(new CgnSettings.NftablesFirewall(new FirewallRules("access0", "inet0")));
        assertThat(settings.served()).containsExactlyInAnyOrder(Opcode.ANNOUNCE, Opcode.MAP);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            inside-interface = a0                         | test.conf: 'outside-interface' is missing
            inside-interface = a0, outside-interface = a0 | test.conf:5: outside-interface = 'a0' is not another one
            pool = 203.0.114.1                            | test.conf:4: pool = '203.0.114.1' is not of any use to a firewall
            inside-interface = a0, outside-interface = b0, peer = on | test.conf:6: peer = 'on' is not possible
            inside-interface = a0, outside-interface = b0, encapsulation-port = 1 | test.conf:6: encapsulation-port = '1'
            """)
    void thatOneRefuses(String more, String message) {
        assertThatThrownBy(() -> read(nftablesFirewall(more.split(", "))))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void nftablesHasIpv4Only() {
        var lines = nftables("inside-interface = access0", "outside-interface = inet0");
        lines.set(1, "pool = 203.0.114.1, 2001:db8::1");
        assertThatThrownBy(() -> read(lines))
                .hasMessage("test.conf:2: pool = '203.0.114.1, 2001:db8::1' is not made of IPv4 addresses:"
                        + " with cgn = nftables or ds-lite it cannot have others");
    }

    @Test
    void nftablesKnowsNoTunnels() {
        var lines = nftables("inside-interface = access0", "outside-interface = inet0", "encapsulation-port = 0");
        assertThatThrownBy(() -> read(lines))
                .hasMessage("test.conf:7: encapsulation-port = '0' is not possible with this cgn,"
                        + " which knows no tunnels: remove it");
    }

    @ParameterizedTest
    @CsvSource({"inside-interface, outside-interface", "outside-interface, inside-interface"})
    void nftablesCannotDoWithout(String missing, String there) {
        assertThatThrownBy(() -> read(nftables(there + " = access0")))
                .hasMessage("test.conf: '" + missing + "' is missing");
    }

    @Test
    void aMockNeedsNoInterface() {
        var lines = new ArrayList<>(LEAST);
        lines.add("inside-interface = access0");
        assertThatThrownBy(() -> read(lines))
                .hasMessage("test.conf:4: inside-interface = 'access0' is not of any use to a mock CGN:"
                        + " remove it, or say cgn = nftables");
    }

    @Test
    void aCgnMayBeAnotherProgram() throws Exception {
        var lines = List.of(LEAST.getFirst(), LEAST.getLast(), "cgn = remote");
        assertThat(read(lines).cgn()).isEqualTo(new CgnSettings.Remote(5355));
        assertThat(read(List.of(LEAST.getFirst(), LEAST.getLast(), "cgn = remote", "cgn-port = 6000"))
                        .cgn())
                .isEqualTo(new CgnSettings.Remote(6000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pool", "pool-ports", "inside-interface", "outside-interface"})
    void whatItHasIsItsOwnToSay(String key) {
        var lines = List.of(LEAST.getFirst(), LEAST.getLast(), "cgn = remote", key + " = x");
        assertThatThrownBy(() -> read(lines))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("test.conf:4: " + key + " = 'x' is not of any use here");
    }

    @Test
    void itsPortIsOfNoUseWithoutIt() {
        var lines = new ArrayList<>(LEAST);
        lines.add("cgn-port = 6000");
        assertThatThrownBy(() -> read(lines))
                .hasMessageStartingWith("test.conf:4: cgn-port = '6000' is not of any use to a CGN that is part of");
    }

    @Test
    void thatProgramHasSettingsOfItsOwn() throws Exception {
        var settings = CgnProcessSettings.of(new Settings("cgn.conf", List.of("pool = 203.0.114.1", "cgn-port = 0")));
        assertThat(settings.port()).isZero();
        assertThat(((CgnSettings.Mock) settings.cgn()).pool())
                .extracting(PoolRange::external)
                .containsOnly(PcpAddress.parse("203.0.114.1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cgn = remote                | cgn.conf:1: cgn = 'remote' is not mock, nftables, ds-lite, firewall or nftables-firewall here
            pool = 203.0.114.1, listen = 100.64.0.1 | cgn.conf:2: unknown key 'listen'
            cgn-port = x, pool = 203.0.114.1 | cgn.conf:1: cgn-port = 'x' is not a number from 0 to 65535
            """)
    void thatProgramRefuses(String lines, String message) {
        assertThatThrownBy(() -> CgnProcessSettings.of(new Settings("cgn.conf", List.of(lines.split(", ")))))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(message);
    }
}
