package io.portreeve.igd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.client.ClientSettings;
import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.igd.iwf.AccessPolicy.RangeActions;
import io.portreeve.igd.iwf.AccessPolicy.RemoteHosts;
import io.portreeve.igd.iwf.AddStrategy;
import io.portreeve.igd.iwf.AskingPolicy;
import io.portreeve.igd.iwf.DeletionPolicy;
import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.igd.iwf.Quotas;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import io.portreeve.testing.Readme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GatewaySettingsTest {
    private static final List<String> LEAST =
            List.of("lan-interface = br-lan", "wan-interface = wan0", "pcp-server = 100.64.0.1");

    private static GatewaySettings read(String... more) throws SettingsException {
        return GatewaySettings.from(new Settings(
                "portreeve.conf", Stream.concat(LEAST.stream(), Stream.of(more)).toList()));
    }

    @Test
    void theRestHasDefaults() throws SettingsException {
        assertThat(read())
                .isEqualTo(new GatewaySettings(
                        "br-lan",
                        LanAddresses.Families.IPV4,
                        "wan0",
                        Optional.of(PcpAddress.parse("100.64.0.1")),
                        5351,
                        Duration.ZERO,
                        Optional.empty(),
                        GatewaySettings.Nat.NFTABLES,
                        Path.of("/var/lib/portreeve"),
                        49_200,
                        "Portreeve",
                        Path.of("/var/lib/portreeve/control.sock"),
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.of(Duration.ofHours(24)),
                        IwfPolicy.TRANSLATING));
    }

    @Test
    void theProviderIsAskedAsSet() throws Exception {
        var server = PcpAddress.parse("100.64.0.1");
        var clients = new ProviderClients(
                read("pcp-port = 5399", "pcp-service-wait = 5 min", "pcp-get = on", "state-dir = /state"),
                () -> MonoTime.START,
                failure -> {});
        assertThat(clients.settings(server))
                .isEqualTo(new ClientSettings(
                        List.of(PcpServer.at(ServerAddress.at(server, 5399))),
                        List.of(),
                        Path.of("/state/pcp-mappings.db"),
                        Duration.ofMinutes(5),
                        Optional.of(Duration.ofMinutes(10))));
        assertThat(read("pcp-service-wait = 1 h").serviceWait()).hasHours(1);
        assertThat(read("pcp-get = off").claims()).isEmpty();
    }

    @Test
    void hostsMayHaveAsMuchAsTheyLike() throws Exception {
        assertThat(policy("host-mappings = 0", "host-rate = 0").quotas()).isEqualTo(Quotas.NONE);
        assertThat(policy("host-mappings = 5").quotas().ofHost()).isEqualTo(5);
        assertThat(policy("host-rate = 1").quotas().hostRate().perSecond()).isEqualTo(1);
    }

    private static IwfPolicy policy(String... more) throws SettingsException {
        return read(more).policy();
    }

    @Test
    void portsThatStayClosed() throws Exception {
        assertThat(policy("denied-ports = 21, 135-137,5000").access().deniedPorts())
                .containsExactlyInAnyOrder(21, 135, 136, 137, 5000);
        assertThat(policy("denied-ports = none").access().deniedPorts()).isEmpty();
        assertThat(policy("lowest-port = 2000").access().lowestPort()).isEqualTo(2000);
        assertThat(policy("remote-hosts = reject").access().remoteHosts()).isEqualTo(RemoteHosts.REJECTED);
        assertThat(policy("range-actions = strict").access().rangeActions()).isEqualTo(RangeActions.STRICT);
    }

    @Test
    void howTheProviderIsAsked() throws Exception {
        assertThat(policy(
                                "add-strategy = draft-alt3",
                                "prefer-failure-fallback = off",
                                "add-retries = 2",
                                "server-unreachable = local-then-sync",
                                "lookup = rfc-probe",
                                "share-descriptions = off")
                        .asking())
                .isEqualTo(new AskingPolicy(
                        AddStrategy.DRAFT_ALT3,
                        AskingPolicy.Fallback.NONE,
                        2,
                        AskingPolicy.WhileUnreachable.LOCAL_THEN_SYNC,
                        AskingPolicy.Lookup.RFC_PROBE,
                        AskingPolicy.Descriptions.KEPT));
        assertThat(policy("add-strategy = draft-alt1").asking().strategy()).isEqualTo(AddStrategy.DRAFT_ALT1);
    }

    @Test
    void whoWatchesIsAnsweredWhereThatIsSaid() throws Exception {
        assertThat(read("metrics-port = 9100").metricsPort()).hasValue(9100);
        assertThat(read("metrics-port = off").metricsPort()).isEmpty();
    }

    @Test
    void whereTheAuditGoes() throws Exception {
        assertThat(read("audit-log = /var/log/portreeve.jsonl").auditLog())
                .contains(Path.of("/var/log/portreeve.jsonl"));
    }

    @Test
    void whatBecomesOfDeletions() throws Exception {
        assertThat(policy("deletion-while-silent = fail", "deletion-when-refused = drop")
                        .deletion())
                .isEqualTo(new DeletionPolicy(DeletionPolicy.WhileSilent.FAIL, DeletionPolicy.WhenRefused.DROP));
    }

    @Test
    void anAnswerMayTakeLonger() throws Exception {
        assertThat(policy("answer-deadline = 20 s").longestAnswer()).isEqualTo(Duration.ofSeconds(20));
        assertThat(policy("add-retries = 2").longestAnswer()).isEqualTo(Duration.ofSeconds(64));
    }

    @Test
    void hearsOfLeasesIfSet() throws Exception {
        assertThat(read("lease-events = /run/leases").leaseEvents()).contains(Path.of("/run/leases"));
    }

    @Test
    void aGatewayWithoutNatHasNothingToOpenByItself() {
        assertThatThrownBy(() -> read("nat = none", "server-unreachable = local-then-sync"))
                .hasMessage("portreeve.conf:5: server-unreachable = 'local-then-sync' is not fail, as it must be with"
                        + " nat = none: there is no NAT here to open");
    }

    record Wrong(String line, String message) {}

    static Stream<Wrong> wrong() {
        return Stream.of(
                new Wrong(
                        "pcp-serve = 1.2.3.4", "portreeve.conf:4: unknown key 'pcp-serve'; did you mean 'pcp-server'?"),
                new Wrong("http-port = 0", "portreeve.conf:4: http-port = '0' is not a number from 1 to 65535"),
                new Wrong(
                        "http-port = 080000", "portreeve.conf:4: http-port = '080000' is not a number from 1 to 65535"),
                new Wrong(
                        "friendly-name =", "portreeve.conf:4: friendly-name = '' is not a name of 1 to 63 characters"),
                new Wrong(
                        "host-mappings = -1", "portreeve.conf:4: host-mappings = '-1' is not a number from 0 to 65535"),
                new Wrong(
                        "pcp-service-wait = 30",
                        "portreeve.conf:4: pcp-service-wait = '30' is not a time with its unit: 250 ms, 30 s, 5 min, 2 h"
                                + " or 1 d"),
                new Wrong("pcp-get = yes", "portreeve.conf:4: pcp-get = 'yes' is not on or off"),
                new Wrong(
                        "lease-events = leases",
                        "portreeve.conf:4: lease-events = 'leases' is not the absolute name of a folder,"
                                + " like /run/portreeve/lease-events"),
                new Wrong(
                        "denied-ports = 21,,23",
                        "portreeve.conf:4: denied-ports = '21,,23' is not none, or ports and ranges from 1 to 65535: 21, 135-139"),
                new Wrong(
                        "denied-ports = 139-135",
                        "portreeve.conf:4: denied-ports = '139-135' is not none, or ports and ranges from 1 to 65535: 21, 135-139"),
                new Wrong(
                        "denied-ports = 1-65536",
                        "portreeve.conf:4: denied-ports = '1-65536' is not none, or ports and ranges from 1 to 65535: 21, 135-139"),
                new Wrong(
                        "answer-deadline = 31 s",
                        "portreeve.conf:4: answer-deadline = '31 s' is not a time from 2 s to 30 s"),
                new Wrong(
                        "answer-deadline = 1999 ms",
                        "portreeve.conf:4: answer-deadline = '1999 ms' is not a time from 2 s to 30 s"),
                new Wrong("add-retries = 3", "portreeve.conf:4: add-retries = '3' is not a number from 0 to 2"),
                new Wrong(
                        "server-unreachable = local",
                        "portreeve.conf:4: server-unreachable = 'local' is not fail or local-then-sync"),
                new Wrong("lookup = probe", "portreeve.conf:4: lookup = 'probe' is not local or rfc-probe"),
                new Wrong(
                        "add-strategy = alt1",
                        "portreeve.conf:4: add-strategy = 'alt1' is not prefer-failure, draft-alt1 or draft-alt3"),
                new Wrong("remote-hosts = yes", "portreeve.conf:4: remote-hosts = 'yes' is not filter or reject"),
                new Wrong("range-actions = on", "portreeve.conf:4: range-actions = 'on' is not tolerant or strict"),
                new Wrong(
                        "deletion-while-silent = no",
                        "portreeve.conf:4: deletion-while-silent = 'no' is not tombstone or fail"),
                new Wrong(
                        "deletion-when-refused = no",
                        "portreeve.conf:4: deletion-when-refused = 'no' is not relay or drop"),
                new Wrong(
                        "pcp-service-wait = 2 h",
                        "portreeve.conf:4: pcp-service-wait = '2 h' is not a time of 1 h or less"),
                new Wrong("metrics-port = 0", "portreeve.conf:4: metrics-port = '0' is not a number from 1 to 65535"),
                new Wrong("nat = iptables", "portreeve.conf:4: nat = 'iptables' is not nftables or none"),
                new Wrong("wan-interface = x", "portreeve.conf:4: 'wan-interface' stands in line 2 already"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void saysWhatIsWrongInOneLine(Wrong wrong) {
        assertThatThrownBy(() -> read(wrong.line()))
                .isInstanceOf(SettingsException.class)
                .hasMessage(wrong.message());
    }

    @Test
    void seesAMisspeltKeyInTheMissingOne() {
        var file = new ArrayList<>(LEAST);
        file.set(1, "wan-interfac = wan0");
        assertThatThrownBy(() -> GatewaySettings.from(new Settings("portreeve.conf", file)))
                .hasMessage("portreeve.conf: 'wan-interface' is missing; did you mean it by 'wan-interfac' in line 2?");
    }

    @Test
    void theProviderIsOptionalIfTheGatewayTranslates() throws SettingsException {
        var settings = GatewaySettings.from(new Settings("portreeve.conf", LEAST.subList(0, 2)));
        assertThat(settings.pcpServer()).isEmpty();
    }

    @Test
    void somebodyMustOpenThePorts() {
        var file = List.of(LEAST.get(0), LEAST.get(1), "nat = none");
        assertThatThrownBy(() -> GatewaySettings.from(new Settings("portreeve.conf", file)))
                .hasMessage("portreeve.conf:3: nat = 'none' is not enough without a pcp-server:"
                        + " nobody would open a port; set pcp-server, or nat = nftables");
    }

    @Test
    void takesNoOtherKeyForTheMissingOne() {
        assertThatThrownBy(() -> GatewaySettings.from(new Settings("portreeve.conf", LEAST.subList(1, 3))))
                .hasMessage("portreeve.conf: 'lan-interface' is missing");
    }

    @Test
    void theReadmeHasEveryKey() throws Exception {
        var settings = new Settings("portreeve.conf", LEAST);
        GatewaySettings.from(settings);
        assertThat(Readme.firstColumn("`portreeve --config FILE`"))
                .containsExactlyInAnyOrderElementsOf(settings.known());
    }

    /** Whoever takes the # from a line must find the gateway starting. */
    @Test
    void thePackagesConfigurationHasNoKeyTwiceAndNoneThatIsUnknown() throws Exception {
        var lines = Files.readAllLines(Path.of("../cpe-image/src/main/dist/conf/portreeve.conf")).stream()
                .map(line -> line.replaceFirst("^#(?=[a-z])", ""))
                .toList();
        var settings = GatewaySettings.from(new Settings("portreeve.conf", lines));
        assertThat(settings.policy()).as("what is commented out is the default").isEqualTo(read().policy());
    }
}
