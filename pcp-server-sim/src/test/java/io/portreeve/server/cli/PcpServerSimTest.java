package io.portreeve.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.server.CgnProcessSettings;
import io.portreeve.server.PcpServer;
import io.portreeve.server.Personality;
import io.portreeve.server.ServerSettings;
import io.portreeve.settings.Settings;
import io.portreeve.testing.Await;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PcpServerSimTest {
    private static final PcpAddress CLIENT = PcpAddress.parse("127.0.0.1");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private int run(String... arguments) {
        return PcpServerSim.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private void assertFails(String message, String... arguments) {
        assertThat(run(arguments)).isPositive();
        assertThat(err.toString())
                .startsWith("pcp-server-sim: ")
                .contains(message)
                .hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    private String config(String... lines) throws Exception {
        return Files.write(directory.resolve("sim.conf"), List.of(lines)).toString();
    }

    @Test
    void helpAndVersion() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("serve", "mappings", "bench");
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).contains("pcp-server-sim (development build)");
    }

    @Test
    void exitCodesAreDocumented() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("Exit codes:\n  0   done\n  1   it failed", "\n  2   wrong words");
        assertThat(run("mappings")).isEqualTo(2);
        assertThat(run("mappings", "--control", directory.resolve("none").toString()))
                .isEqualTo(1);
    }

    @Test
    void completesWordsInTheShell() {
        assertThat(run("generate-completion")).isZero();
        assertThat(out.toString()).contains("complete -F _complete_pcp-server-sim", "personalities");
    }

    @Test
    void theManualHasEveryCommandAndOption() {
        assertThat(run("generate-man-page")).isZero();
        var lines = out.toString().lines().toList();
        assertThat(lines)
                .contains("pcp\\-server\\-sim serve [\\-\\-config=FILE] [\\-\\-KEY=VALUE]... [\\-\\-check\\-config]")
                .contains(".SS serve", ".SS mappings add", ".SS generate\\-man\\-page", ".SH EXIT STATUS")
                .contains(".B \\-\\-quota=N", ".B \\-\\-control=SOCKET", ".B SUBSCRIBER", ".B \\-h, \\-\\-help");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("."))
                .allMatch(line -> line.matches("\\.(TH|SH|SS|TP|B|br)( .+)?"));
    }

    @Test
    void misuseIsOneLine() {
        assertFails("say what to do");
    }

    @Test
    void aMissingOptionIsOneLine() {
        assertFails("--control", "mappings");
    }

    @Test
    void anUnknownOptionIsOneLine() {
        assertFails("--bogus", "mappings", "--control", "x", "--bogus");
    }

    @Test
    void aGoodConfigurationIsGood() throws Exception {
        var file = config("listen = 127.0.0.1", "pool = 203.0.114.1", "state-dir = " + directory.resolve("state"));
        assertThat(run("serve", "--config", file, "--check-config")).isZero();
        assertThat(out.toString()).isEqualTo(file + ": good\n");
        assertThat(directory.resolve("state")).doesNotExist();
    }

    @Test
    void aBadConfigurationIsOneLine() throws Exception {
        assertFails(
                "sim.conf:1: unknown key 'lisen'",
                "serve",
                "--config",
                config("lisen = 127.0.0.1", "listen = 127.0.0.1", "pool = 203.0.114.1", "state-dir = x"));
    }

    @Test
    void everySettingMayBeAnOption() throws Exception {
        var server = new Settings("s", List.of("listen = 127.0.0.1", "pool = 203.0.113.1", "state-dir = x"));
        ServerSettings.of(server);
        assertThat(SettingOption.OF_SERVER)
                .extracting(SettingOption::key)
                .containsExactlyInAnyOrderElementsOf(server.known());

        var cgn = new Settings("c", List.of("pool = 203.0.113.1"));
        CgnProcessSettings.of(cgn);
        assertThat(SettingOption.OF_CGN)
                .extracting(SettingOption::key)
                .containsExactlyInAnyOrderElementsOf(cgn.known());
    }

    @Test
    void optionsAreEnough() {
        var state = directory.resolve("state").toString();
        assertThat(run(
                        "serve",
                        "--listen=127.0.0.1",
                        "--pool=203.0.113.1",
                        "--state-dir=" + state,
                        "--version=1",
                        "--check-config"))
                .isZero();
        assertThat(out.toString()).isEqualTo("command line (no --config): good\n");
    }

    @Test
    void anOptionWinsOverTheFile() throws Exception {
        var file = config("listen = 127.0.0.1", "pool = 203.0.114.1", "state-dir = x", "quota = none");
        assertThat(run("serve", "--config", file, "--quota", "5", "--check-config"))
                .isZero();
        assertThat(run("cgn", "--config", config("pool = 203.0.114.1"), "--cgn-port", "6000", "--check-config"))
                .isZero();
    }

    @Test
    void aWrongOptionIsOneLine() throws Exception {
        assertFails(
                "--quota: quota = '0' is not a number from 1 to 65535",
                "serve",
                "--config",
                config("listen = 127.0.0.1", "pool = 203.0.114.1", "state-dir = x"),
                "--quota=0");
    }

    @Test
    void whatNeitherFileNorOptionsSayIsMissing() {
        assertFails("command line (no --config): 'listen' is missing", "serve", "--quota=5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "cgn"})
    void theirHelpHasTheSettings(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).contains("--config=FILE", "--pool=ADDRESS,...", "--cgn-port=PORT");
    }

    @Test
    void aMissingConfigurationIsOneLine() {
        assertFails(
                "there is no such file",
                "serve",
                "--config",
                directory.resolve("none").toString());
    }

    @Test
    void aServerThatCannotStartIsOneLine() throws Exception {
        assertFails(
                "not an address of this machine",
                "serve",
                "--config",
                config("listen = 203.0.114.77", "pool = 203.0.114.1", "state-dir = " + directory.resolve("state")));
    }

    @Test
    void mappingsWithoutAServerIsOneLine() {
        assertFails(
                "nobody answers there",
                "mappings",
                "--control",
                directory.resolve("none").toString());
    }

    private PcpServer server() throws Exception {
        return PcpServer.start(ServerSettings.of(new Settings(
                "test",
                List.of(
                        "listen = 127.0.0.1",
                        "port = 0",
                        "pool = 203.0.114.1-203.0.114.2",
                        "state-dir = " + directory))));
    }

    /** {@return what {@code words} print, asked of the running server} */
    private String told(String... words) {
        out.getBuffer().setLength(0);
        assertThat(run(ofServer(words))).as(err.toString()).isZero();
        return out.toString();
    }

    private String[] ofServer(String... words) {
        return Stream.concat(
                        Stream.of(words),
                        Stream.of("--control", directory.resolve("control.sock").toString()))
                .toArray(String[]::new);
    }

    @Test
    void mappingsOfAServer() throws Exception {
        try (var _ = server()) {
            assertThat(told("mappings")).isEqualTo("no mappings\n").isEqualTo(told("mappings", "list"));
            assertThat(told("mappings", "--json")).isEqualTo("[]\n");
            assertThat(told("subscribers")).isEqualTo("no subscriber has a mapping\n");
        }
    }

    @Test
    void anOperatorAddsRenumbersAndClears() throws Exception {
        try (var _ = server()) {
            assertThat(told("mappings", "add", "tcp", "100.64.0.2", "192.168.1.10:80", "203.0.114.1:8080"))
                    .startsWith("asked for: TCP 192.168.1.10:80 at 203.0.114.1:8080");
            Await.until("it is there", () -> told("mappings").contains("203.0.114.1:8080"));
            assertThat(told("subscribers")).isEqualTo("""
                    SUBSCRIBER  MAPPINGS  EXTERNAL
                    100.64.0.2  1         203.0.114.1
                    """);
            assertThat(told("subscribers", "--json")).isEqualTo("""
                    [{"subscriber":"100.64.0.2","mappings":1,"external":"203.0.114.1"}]
                    """);
            told("mappings", "renumber", "100.64.0.2", "203.0.114.2");
            Await.until("it has moved", () -> told("subscribers").contains("203.0.114.2"));
            assertThat(told("mappings", "clear")).isEqualTo("cleared, and told all clients by a new epoch\n");
            assertThat(told("mappings", "clear", "100.64.0.2"))
                    .isEqualTo("cleared, and told 100.64.0.2 by a new epoch\n");
            assertThat(told("mappings")).as("what an operator added stays").contains("203.0.114.2");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mappings add sctp 100.64.0.2 192.168.1.10:80 203.0.114.1:80 | 'sctp' is not tcp or udp
            mappings add tcp here 192.168.1.10:80 203.0.114.1:80       | 'here' is not an IP address
            mappings add tcp 100.64.0.2 192.168.1.10 203.0.114.1:80    | '192.168.1.10' is not an address and a port
            mappings add tcp 100.64.0.2 192.168.1.10:0 203.0.114.1:80  | '192.168.1.10:0' is not an address and a port
            mappings add tcp 100.64.0.2 192.168.1.10:80                | Missing required parameter: 'EXTERNAL'
            mappings renumber 100.64.0.2 203.0.114.9                   | 203.0.114.9 is no address of the pool
            mappings clear nobody                                      | 'nobody' is not an IP address
            """)
    void whatCannotBeDoneIsOneLine(String words, String message) throws Exception {
        try (var _ = server()) {
            assertFails(message, ofServer(words.split(" ")));
        }
    }

    private static void ask(PcpServer server, PcpRequest request) throws Exception {
        try (var socket = new DatagramSocket()) {
            var octets = PcpEncoder.encode(request);
            socket.setSoTimeout(60_000);
            socket.send(new DatagramPacket(octets, octets.length, server.address()));
            socket.receive(new DatagramPacket(new byte[100], 100));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mappings clear", "mappings clear 127.0.0.1"})
    void whatAClientHasIsCleared(String words) throws Exception {
        try (var server = server()) {
            ask(
                    server,
                    new MapRequest(
                            new Lifetime(3600),
                            CLIENT,
                            new MappingNonce(1, 2, 3),
                            IpProtocol.TCP,
                            8080,
                            0,
                            PcpAddress.ANY_IPV4,
                            List.of()));
            assertThat(told("mappings")).contains("127.0.0.1:8080");
            told(words.split(" "));
            Await.until("it is gone", () -> told("mappings").equals("no mappings\n"));
        }
    }

    @Test
    void personalitiesAreDescribed() {
        assertThat(run("personalities")).isZero();
        assertThat(out.toString())
                .contains("\nsmall-quota: min-lifetime = 300 s, quota = 32\n  A CGN that gives a subscriber little")
                .hasLineCount(2 * Personality.values().length);
    }

    @Test
    void personalitiesForPrograms() {
        assertThat(run("personalities", "--json")).isZero();
        assertThat(out.toString())
                .contains("\"name\":\"small-quota\",\"settings\":{\"min-lifetime\":\"300 s\",\"quota\":\"32\"}}")
                .hasLineCount(1);
    }

    @Test
    void statsOfAServer() throws Exception {
        try (var server = server()) {
            ask(server, new AnnounceRequest(CLIENT));
            assertThat(told("stats")).isEqualTo("""
                    answers
                                 1  SUCCESS
                    options
                    requests
                                 1  ANNOUNCE
                    """);
            assertThat(told("stats", "--json")).isEqualTo("""
                    {"answers":{"SUCCESS":1},"options":{},"requests":{"ANNOUNCE":1}}
                    """);
        }
    }

    @Test
    void faultsOfAServer() throws Exception {
        var settings = ServerSettings.of(new Settings(
                "test", List.of("listen = 127.0.0.1", "port = 0", "pool = 203.0.114.1", "state-dir = " + directory)));
        var socket = directory.resolve("control.sock").toString();
        try (var _ = PcpServer.start(settings)) {
            assertFails(
                    "'drop-answers=30': expected 0% to 100%, or off",
                    "faults", "--control", socket, "set", "delay=1s", "drop-answers=30");
            assertThat(run("faults", "set", "drop-answers=30%", "delay=200ms", "--control", socket))
                    .isZero();
            assertThat(run("faults", "set", "delay=off", "--control", socket)).isZero();
            assertThat(run("faults", "--control", socket)).isZero();
            assertThat(run("faults", "--json", "--control", socket)).isZero();
            assertThat(run("faults", "clear", "--control", socket)).isZero();
            assertThat(out.toString()).isEqualTo("""
                    drop-answers=30% delay=200ms
                    drop-answers=30%
                    drop-answers=30%
                    {"drop-answers":"30%"}
                    no faults
                    """);
        }
    }

    @Test
    void restartsAServer() throws Exception {
        try (var _ = server()) {
            told("mappings", "add", "tcp", "100.64.0.2", "192.168.1.10:80", "203.0.114.1:8080");
            Await.until("it is there", () -> told("mappings").contains("100.64.0.2:0"));
            assertThat(told("restart")).startsWith("started again: 1 mappings restored, epoch ");
            assertThat(told("restart", "--without-state")).isEqualTo("started again: 0 mappings restored, epoch 0 s\n");
        }
    }

    @Test
    void capturesForATime() throws Exception {
        var file = directory.resolve("a capture.pcap");
        try (var server = server()) {
            assertThat(told("capture")).isEqualTo("it captures nothing\n");
            assertThat(told("capture", file.toString(), "--for", "1ms")).isEqualTo("""
                    it captures; 0 datagrams in %1$s
                    0 datagrams in %1$s
                    """.formatted(file));
            assertThat(file).hasSize(24);
            out.getBuffer().setLength(0);
            assertFails("it captures nothing", ofServer("capture", "--stop"));
            err.getBuffer().setLength(0);
            assertFails("'soon' is not a time", ofServer("capture", file.toString(), "--for", "soon"));
            err.getBuffer().setLength(0);
            assertFails("FILE", ofServer("capture", "--for", "1ms"));
            assertThat(server.failure()).isNotDone();
        }
    }

    @Test
    void aBenchWithNothingToAskIsOneLine() {
        assertFails("--outstanding: 0 (expected: 1..1024)", "bench", "--outstanding", "0");
    }
}
