package io.portreeve.igd.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.MappingKey;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.ServerView;
import io.portreeve.igd.gateway.Journal;
import io.portreeve.igd.iwf.AuditRecord;
import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.IgdReply.Entry;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.igd.iwf.Snapshot;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    private static final PcpAddress HOST = PcpAddress.parse("192.168.1.10");
    private static final PcpAddress WAN = PcpAddress.parse("100.64.0.2");
    private static final Entry ENTRY =
            new Entry(new PortMappingKey(Optional.empty(), 80, IpProtocol.TCP), 8080, HOST, "web", 0);
    private static final MappingKey SENTINEL = new MappingKey(Optional.empty(), IpProtocol.UDP, 9, PcpAddress.ANY_IPV4);

    private static Status status(
            Optional<PcpAddress> wan, List<ServerView> servers, Optional<Snapshot> snapshot, List<Journal.Line> lines) {
        return new Status(
                "0.1.0",
                4711,
                Duration.ofMinutes(125),
                Path.of("/etc/portreeve.conf"),
                Instant.parse("2026-01-02T03:04:05Z"),
                "lan0",
                List.of("http://192.168.1.1:49200/x/igd1/root.xml"),
                "wan0",
                wan,
                "ports are opened by somebody",
                servers,
                snapshot,
                lines);
    }

    private static Snapshot snapshot(boolean linkUp, Optional<PcpAddress> external, List<Entry> entries) {
        return new Snapshot(
                new GatewayState(linkUp, true, external, entries.size(), 7), entries, 0, Optional.empty(), 0);
    }

    private static Journal.Line line(int second, AuditRecord.What what, String why) {
        return new Journal.Line(
                Instant.ofEpochSecond(second), new AuditRecord(what, Optional.of(HOST), Optional.empty(), why));
    }

    @Test
    void aGatewayThatWorks() {
        var server = new ServerView(
                "100.64.0.1",
                Optional.of(ServerAddress.at(PcpAddress.parse("100.64.0.1"), 5351)),
                Optional.of(WAN),
                Set.of(128, 3),
                Optional.of(new Lifetime(120)),
                Optional.of(new Lifetime(86400)),
                true,
                Optional.of(Duration.ofSeconds(7)),
                Optional.empty());
        var external = Optional.of(PcpAddress.parse("203.0.114.1"));
        var screen = status(
                Optional.of(WAN),
                List.of(server),
                Optional.of(snapshot(true, external, List.of(ENTRY))),
                List.of(line(0, AuditRecord.What.OPENED, ""), line(1, AuditRecord.What.DENIED, "too\noften")));

        assertThat(StatusText.of(screen, ZoneOffset.UTC)).isEqualTo("""
                portreeve       0.1.0, process 4711, for 2 h 5 min
                configuration   /etc/portreeve.conf, read 2026-01-02 03:04:05
                LAN             lan0
                                http://192.168.1.1:49200/x/igd1/root.xml
                WAN             wan0: 100.64.0.2
                                ports are opened by somebody
                PCP server      100.64.0.1:5351, asked from 100.64.0.2; it has no room for more mappings
                                grants 120 s at least
                                grants 86400 s at most
                                does not know the options 3, 128
                external        203.0.114.1
                port mappings   1 of 1 host
                last trouble    1970-01-01 00:00:01 denied to 192.168.1.10: too\\u{a}often
                """);
    }

    @Test
    void aGatewayThatIsCutOff() {
        var server = new ServerView(
                "100.64.0.1",
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty());
        var idle = new Snapshot(
                new GatewayState(false, false, Optional.empty(), 0, 7), List.of(), 2, Optional.of(SENTINEL), 0);

        assertThat(StatusText.of(
                        status(Optional.empty(), List.of(server), Optional.of(idle), List.of()), ZoneOffset.UTC))
                .endsWith("""
                        WAN             wan0: no address
                                        ports are opened by somebody
                        PCP server      100.64.0.1: there is no way to it; check the route
                        external        no address is known, so nobody is reached; the link to the provider is down
                                        known by the mapping of UDP 9
                        port mappings   0; 2 being changed
                        """);
    }

    private static ServerView silent(Optional<Duration> sinceAnswer) {
        return new ServerView(
                "100.64.0.1",
                Optional.of(ServerAddress.at(PcpAddress.parse("100.64.0.1"), 5351)),
                Optional.of(WAN),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                sinceAnswer,
                Optional.of(Duration.ofSeconds(95)));
    }

    @Test
    void aServerThatIsSilent() {
        var once = silent(Optional.of(Duration.ofSeconds(125)));
        var never = silent(Optional.empty());
        var screen = status(Optional.of(WAN), List.of(once, never), Optional.empty(), List.of());

        assertThat(StatusText.of(screen, ZoneOffset.UTC)).endsWith("""
                PCP server      100.64.0.1:5351, asked from 100.64.0.2
                                silent for 1 min 35 s, last answer 2 min 5 s ago
                                check that it runs, and that UDP is dropped neither on the way there nor back
                PCP server      100.64.0.1:5351, asked from 100.64.0.2
                                silent for 1 min 35 s, no answer yet
                                check that it runs, and that UDP is dropped neither on the way there nor back
                state           the gateway does not answer; see its log
                """);
        assertThat(StatusJson.of(screen))
                .contains("\"answeredSecondsAgo\":125,\"silentSeconds\":95}")
                .contains("\"answeredSecondsAgo\":null,\"silentSeconds\":95}");
    }

    @Test
    void anInterworkingThatHangsHidesNothingElse() {
        assertThat(StatusText.of(status(Optional.of(WAN), List.of(), Optional.empty(), List.of()), ZoneOffset.UTC))
                .contains("wan0: 100.64.0.2")
                .endsWith("state           the gateway does not answer; see its log\n");
    }

    @Test
    void onlyTheLastTroubleIsShown() {
        var lines = new ArrayList<Journal.Line>();
        for (int second = 10; second < 20; second++) {
            lines.add(line(second, AuditRecord.What.LOST, ""));
        }
        var shown = StatusText.of(status(Optional.of(WAN), List.of(), Optional.empty(), lines), ZoneOffset.UTC);

        assertThat(shown.lines().filter(it -> it.contains("lost"))).hasSize(5);
        assertThat(shown).contains("00:00:15").doesNotContain("00:00:14").endsWith("00:00:19 lost to 192.168.1.10\n");
    }
}
