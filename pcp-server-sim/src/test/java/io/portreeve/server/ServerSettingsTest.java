package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.engine.Access;
import io.portreeve.server.engine.AddressPrefix;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import io.portreeve.server.engine.ServerPolicy.Profile;
import io.portreeve.server.engine.ServerPolicy.Rates;
import io.portreeve.server.engine.ServerPolicy.Reuse;
import io.portreeve.server.engine.ServerPolicy.Versions;
import io.portreeve.server.faults.Faults;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import io.portreeve.testing.Readme;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerSettingsTest {
    private static final List<String> LEAST = List.of("listen = 192.0.2.1", "pool = 203.0.114.1", "state-dir = /var/x");

    private static ServerSettings read(List<String> lines) throws SettingsException {
        return ServerSettings.of(new Settings("test.conf", lines));
    }

    private static final Extras EXTRAS =
            new Extras(false, 0, 8, Disclosure.ADDRESS_WITH_NONCES, new Lifetime(300), List.of());
    private static final List<AddressPrefix> ALL = List.of(AddressPrefix.EVERY_ADDRESS);
    private static final Access ACCESS = new Access(
            List.of(new AddressPrefix(PcpAddress.parse("100.64.0.0"), 106)),
            List.of(
                    new AddressPrefix(PcpAddress.parse("100.64.0.0"), 106),
                    new AddressPrefix(PcpAddress.parse("2001:db8::7"), 128)),
            List.of(
                    new AddressPrefix(PcpAddress.parse("192.168.0.0"), 112),
                    new AddressPrefix(PcpAddress.parse("fd00::"), 8)),
            List.of(PcpAddress.parse("192.0.2.1"), PcpAddress.parse("2001:db8::1")),
            56);
    private static final Reuse REUSE = new Reuse(Duration.ofHours(1), Duration.ofMinutes(3));

    @Test
    void whatNeedNotBeSaid() throws Exception {
        var external = PcpAddress.parse("203.0.114.1");
        assertThat(read(LEAST))
                .isEqualTo(new ServerSettings(
                        List.of(PcpAddress.parse("192.0.2.1")),
                        5351,
                        OptionalInt.empty(),
                        new CgnSettings.Mock(List.of(
                                new PoolRange(external, IpProtocol.TCP, 1024, 65_535),
                                new PoolRange(external, IpProtocol.UDP, 1024, 65_535))),
                        Path.of("/var/x"),
                        Path.of("/var/x/control.sock"),
                        new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, false)
                                .with(new Access(ALL, List.of(), ALL, List.of(PcpAddress.parse("192.0.2.1")), 128)),
                        EnumSet.of(Opcode.ANNOUNCE, Opcode.MAP, Opcode.PEER),
                        false,
                        Faults.NONE,
                        Optional.empty()));
    }

    @Test
    void everythingCanBeSaid() throws Exception {
        var settings = read(List.of(
                "listen = 192.0.2.1, 2001:db8::1",
                "port = 0",
                "encapsulation-port = 5352",
                "pool = 203.0.114.254-203.0.115.1",
                "cgn = mock",
                "pool-ports = 2000-2999",
                "state-dir = /var/x",
                "control-socket = /run/x.sock",
                "min-lifetime = 1 min",
                "max-lifetime = 2 h",
                "quota = 3",
                "subscribers = 100.64.0.0/10",
                "subscriber-prefix = 56",
                "third-party = 100.64.0.0/10, 2001:db8::7",
                "third-party-hosts = 192.168.0.0/16,fd00::/8",
                "map = off",
                "peer = off",
                "prefer-failure = off",
                "port-set = 8",
                "description-octets = 0",
                "get = address-with-nonces",
                "peer-lifetime = 5 min",
                "reuse-delay-tcp = 1 h",
                "reuse-delay = 3 min",
                "request-rate = 100",
                "probe-rate = 0",
                "nat-pmp = only",
                "profile = provider",
                "log-exchanges = on",
                "faults = drop-answers=30%, delay=200ms,epoch=-1000s",
                "capture = /var/x/all.pcap"));
        assertThat(settings.capture()).contains(Path.of("/var/x/all.pcap"));
        assertThat(settings.faults().words()).containsExactly("drop-answers=30%", "delay=200ms", "epoch=-1000s");
        assertThat(settings.served()).containsExactlyInAnyOrder(Opcode.ANNOUNCE, Opcode.GET);
        assertThat(settings.encapsulationPort()).hasValue(5352);
        assertThat(settings.listen()).containsExactly(PcpAddress.parse("192.0.2.1"), PcpAddress.parse("2001:db8::1"));
        assertThat(((CgnSettings.Mock) settings.cgn()).pool())
                .hasSize(8)
                .last()
                .isEqualTo(new PoolRange(PcpAddress.parse("203.0.115.1"), IpProtocol.UDP, 2000, 2999));
        assertThat(settings.controlSocket()).isEqualTo(Path.of("/run/x.sock"));
        assertThat(settings.policy())
                .isEqualTo(new ServerPolicy(
                        new Lifetime(60),
                        new Lifetime(7200),
                        3,
                        ACCESS,
                        EXTRAS,
                        REUSE,
                        new Rates(100, 0),
                        Versions.NAT_PMP,
                        Profile.PROVIDER));
        assertThat(settings.logExchanges()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            listen         | 0.0.0.0                     | cannot say which address an answer must leave from
            listen         | ::                          | nor this
            listen         | localhost                   | a name
            listen         | 192.0.2.1,                  | an empty one
            listen         | 192.0.2.1, 192.0.2.1        | twice
            port           | 65536                       | too large
            port           | -1                          | too small
            encapsulation-port | 65536                   | too large
            subscriber-prefix | 0                        | all of the internet
            subscriber-prefix | 129                      | longer than an address
            pool           | 203.0.114.9-203.0.114.1     | backwards
            pool           | 203.0.114.0-203.0.116.0     | too many
            pool           | 203.0.114.1-2               | half an address
            pool           | 1.1.1.1-1.1.1.2-1.1.1.3     | three
            pool           | 2001:db8::1-203.0.114.1     | half IPv6
            pool           | 2001:db8::2-2001:db8::1     | backwards too
            pool           | 2001:db8::1-2001:db8:1::1   | far too many
            pool           | ::ffff:ffff:ffff:ffff-0:0:0:1:: | across the middle
            pool           | 2001:db8::0-2001:db8::100   | too many
            pool           | 203.0.114.1-203.0.114.200, 2001:db8::1-2001:db8::c8 | too many together
            pool           | 203.0.114.1, 203.0.114.1    | twice
            pool           | 203.0.114.1-203.0.114.4, 203.0.114.4 | twice
            pool           | 203.0.114.1,                | an empty one
            pool           | 0.0.0.0                     | no address
            pool           | ::                          | nor this
            pool           | 224.0.0.1                   | of many
            pool-ports     | 1024                        | one
            pool-ports     | 0-10                        | port 0
            pool-ports     | 10-9                        | backwards
            pool-ports     | 1024-65536                  | too large
            pool-ports     | 1-2-3                       | three
            cgn            | iptables                    | none of the three
            inside-interface | access0                   | a mock has none
            outside-interface | inet0                    | a mock has none
            min-lifetime   | 0 s                         | would be a deletion
            min-lifetime   | 999 ms                      | less than a second
            min-lifetime   | 2 d                         | above the maximum
            max-lifetime   | 1 s                         | below the minimum
            max-lifetime   | 99999999 d                  | does not fit
            quota          | 0                           | nobody gets anything
            subscribers    | all                         | not addresses
            third-party    | yes                         | neither on, off nor addresses
            third-party    | 100.64.0.2,                 | an empty one
            third-party-hosts | 192.168.0.0/33           | longer than an address
            third-party-hosts | 192.168.0.0/16/2         | two lengths
            third-party-hosts | 192.168.0.0/             | no length
            third-party-hosts | 2001:db8::/129           | longer than an address
            third-party-hosts | 192.168.0.0/016          | a length with a zero before it
            third-party-hosts | off                      | not addresses
            nat-pmp        | yes                         | neither on, off nor only
            log-exchanges  | 1                           | not on or off
            faults         | delay=200                   | no unit
            faults         | delay=2s,                   | an empty one
            """)
    void refuses(String key, String value, String why) {
        var lines = new ArrayList<>(LEAST);
        lines.removeIf(line -> line.startsWith(key + " "));
        lines.add(key + " = " + value);
        assertThatThrownBy(() -> read(lines))
                .as(why)
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("test.conf")
                .hasMessageContaining(key.endsWith("lifetime") ? "lifetime" : key)
                .message()
                .doesNotContain("\n");
    }

    private static List<String> simple(String... more) {
        var lines = new ArrayList<>(LEAST);
        lines.add("profile = simple");
        lines.addAll(List.of(more));
        return lines;
    }

    @Test
    @Proves("pcp:S-SEC-01")
    void theSimpleProfileIsNoMoreThanTrafficCouldMake() throws Exception {
        var settings = read(simple("third-party = off", "port-set = 1", "nat-pmp = off", "min-lifetime = 60 s"));
        var policy = settings.policy();
        assertThat(policy.profile()).isEqualTo(Profile.SIMPLE);
        assertThat(policy.access().authorized()).isEmpty();
        assertThat(policy.extras().largestSet()).isEqualTo(1);
        assertThat(policy.versions()).isEqualTo(Versions.PCP);
        assertThat(read(simple()))
                .as("without saying so")
                .extracting(it -> it.policy().versions(), it -> it.policy().extras())
                .containsExactly(Versions.PCP, policy.extras());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            third-party = on       | third-party = 'on' is not possible
            nat-pmp = on           | nat-pmp = 'on' is not possible
            port-set = 2           | port-set = '2' is not possible
            max-lifetime = 1 h     | max-lifetime = '1 h' is not of any use
            min-lifetime = 121 s   | min-lifetime = '121 s' is not 120 s or less
            """)
    @Proves("pcp:S-SEC-01")
    void whatContradictsTheSimpleProfileIsAnError(String line, String message) {
        assertThatThrownBy(() -> read(simple(line)))
                .hasMessage("test.conf:5: " + message + " with profile = simple: remove it, or say profile = provider");
    }

    @Test
    void thereAreTwoProfiles() {
        var lines = new ArrayList<>(LEAST);
        lines.add("profile = paranoid");
        assertThatThrownBy(() -> read(lines)).hasMessage("test.conf:4: profile = 'paranoid' is not provider or simple");
    }

    @ParameterizedTest
    @CsvSource({"listen", "pool", "state-dir"})
    void cannotDoWithout(String key) {
        var lines = LEAST.stream().filter(line -> !line.startsWith(key + " ")).toList();
        assertThatThrownBy(() -> read(lines)).hasMessage("test.conf: '" + key + "' is missing");
    }

    @Test
    void anUnknownKeyNamesTheNearestKnownOne() {
        var lines = new ArrayList<>(LEAST);
        lines.add("pool-port = 1-2");
        assertThatThrownBy(() -> read(lines))
                .hasMessage("test.conf:4: unknown key 'pool-port'; did you mean 'pool-ports'?");
    }

    @Test
    void allSubscribersMayBeAllowedToNameOthersAndNobodyElse() throws Exception {
        var lines = new ArrayList<>(LEAST);
        lines.add("subscribers = 100.64.0.0/10");
        lines.add("third-party = on");
        var access = read(lines).policy().access();
        assertThat(access.authorized())
                .containsExactly(AddressPrefix.parse("100.64.0.0/10"))
                .isEqualTo(access.subscribers());
    }

    @Test
    void theReadmeHasEveryKey() throws Exception {
        var settings =
                new Settings("server.conf", List.of("listen = 127.0.0.1", "pool = 203.0.114.1", "state-dir = x"));
        ServerSettings.of(settings);
        assertThat(Readme.firstColumn("`pcp-server-sim serve --config FILE`"))
                .containsExactlyInAnyOrderElementsOf(settings.known());
    }
}
