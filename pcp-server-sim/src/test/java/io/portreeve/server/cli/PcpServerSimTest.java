package io.portreeve.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.server.PcpServer;
import io.portreeve.server.ServerSettings;
import io.portreeve.settings.Settings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PcpServerSimTest {
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
    void misuseIsOneLine() {
        assertFails("say what to do");
    }

    @Test
    void aMissingOptionIsOneLine() {
        assertFails("--config", "serve");
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

    @Test
    void mappingsOfAServer() throws Exception {
        var settings = ServerSettings.of(new Settings(
                "test", List.of("listen = 127.0.0.1", "port = 0", "pool = 203.0.114.1", "state-dir = " + directory)));
        try (var _ = PcpServer.start(settings)) {
            assertThat(run(
                            "mappings",
                            "--control",
                            directory.resolve("control.sock").toString()))
                    .isZero();
            assertThat(out.toString()).isEqualTo("no mappings\n");
        }
    }

    @Test
    void aBenchWithNothingToAskIsOneLine() {
        assertFails("--outstanding: 0 (expected: 1..1024)", "bench", "--outstanding", "0");
    }
}
