package io.portreeve.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.server.CgnProcessSettings;
import io.portreeve.server.ServerSettings;
import io.portreeve.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code serve} and {@code cgn} are told, by file and by options. */
final class ServeTest {
    private final Terminal terminal = new Terminal();

    @TempDir
    private Path directory;

    private String config(String... lines) throws Exception {
        return Files.write(directory.resolve("sim.conf"), List.of(lines)).toString();
    }

    @Test
    void aGoodConfigurationIsGood() throws Exception {
        var file = config("listen = 127.0.0.1", "pool = 203.0.114.1", "state-dir = " + directory.resolve("state"));
        assertThat(terminal.run("serve", "--config", file, "--check-config")).isZero();
        assertThat(terminal.out()).isEqualTo(file + ": good\n");
        assertThat(directory.resolve("state")).doesNotExist();
    }

    @Test
    void aBadConfigurationIsOneLine() throws Exception {
        terminal.assertFails(
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
        assertThat(terminal.run(
                        "serve",
                        "--listen=127.0.0.1",
                        "--pool=203.0.113.1",
                        "--state-dir=" + state,
                        "--version=1",
                        "--check-config"))
                .isZero();
        assertThat(terminal.out()).isEqualTo("command line (no --config): good\n");
    }

    @Test
    void anOptionWinsOverTheFile() throws Exception {
        var file = config("listen = 127.0.0.1", "pool = 203.0.114.1", "state-dir = x", "quota = none");
        assertThat(terminal.run("serve", "--config", file, "--quota", "5", "--check-config"))
                .isZero();
        assertThat(terminal.run(
                        "cgn", "--config", config("pool = 203.0.114.1"), "--cgn-port", "6000", "--check-config"))
                .isZero();
    }

    @Test
    void aWrongOptionIsOneLine() throws Exception {
        terminal.assertFails(
                "--quota: quota = '0' is not a number from 1 to 65535",
                "serve",
                "--config",
                config("listen = 127.0.0.1", "pool = 203.0.114.1", "state-dir = x"),
                "--quota=0");
    }

    @Test
    void whatNeitherFileNorOptionsSayIsMissing() {
        terminal.assertFails("command line (no --config): 'listen' is missing", "serve", "--quota=5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "cgn"})
    void theirHelpHasTheSettings(String command) {
        assertThat(terminal.run(command, "--help")).isZero();
        assertThat(terminal.out()).contains("--config=FILE", "--pool=ADDRESS,...", "--cgn-port=PORT");
    }

    @Test
    void aMissingConfigurationIsOneLine() {
        terminal.assertFails(
                "there is no such file",
                "serve",
                "--config",
                directory.resolve("none").toString());
    }

    @Test
    void aServerThatCannotStartIsOneLine() throws Exception {
        terminal.assertFails(
                "not an address of this machine",
                "serve",
                "--config",
                config("listen = 203.0.114.77", "pool = 203.0.114.1", "state-dir = " + directory.resolve("state")));
    }
}
