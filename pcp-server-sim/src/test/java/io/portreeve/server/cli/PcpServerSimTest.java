package io.portreeve.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.server.Personality;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that needs no server. */
final class PcpServerSimTest {
    private final Terminal terminal = new Terminal();

    @TempDir
    private Path directory;

    @Test
    void helpAndVersion() {
        assertThat(terminal.run("--help")).isZero();
        assertThat(terminal.out()).contains("serve", "mappings", "bench");
        assertThat(terminal.run("--version")).isZero();
        assertThat(terminal.out()).contains("pcp-server-sim (development build)");
    }

    @Test
    void everyCommandHasHelpAndTheProgramsVersion() {
        assertThat(terminal.run("mappings", "add", "--help")).isZero();
        assertThat(terminal.out()).contains("PROTOCOL", "tcp or udp");
        terminal.clear();
        assertThat(terminal.run("stats", "--version")).isZero();
        assertThat(terminal.out()).isEqualTo("pcp-server-sim (development build)\n");
    }

    @Test
    void exitCodesAreDocumented() {
        assertThat(terminal.run("--help")).isZero();
        assertThat(terminal.out()).contains("Exit codes:\n  0   done\n  1   it failed", "\n  2   wrong words");
        assertThat(terminal.run("mappings")).isEqualTo(2);
        assertThat(terminal.run(
                        "mappings", "--control", directory.resolve("none").toString()))
                .isEqualTo(1);
    }

    @Test
    void completesWordsInTheShell() {
        assertThat(terminal.run("generate-completion")).isZero();
        assertThat(terminal.out()).contains("complete -F _complete_pcp-server-sim", "personalities");
    }

    @Test
    void theManualHasEveryCommandAndOption() {
        assertThat(terminal.run("generate-man-page")).isZero();
        var lines = terminal.out().lines().toList();
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
        terminal.assertFails("say what to do");
    }

    @Test
    void aMissingOptionIsOneLine() {
        terminal.assertFails("--control", "mappings");
    }

    @Test
    void anUnknownOptionIsOneLine() {
        terminal.assertFails("--bogus", "mappings", "--control", "x", "--bogus");
    }

    @Test
    void mappingsWithoutAServerIsOneLine() {
        terminal.assertFails(
                "nobody answers there",
                "mappings",
                "--control",
                directory.resolve("none").toString());
    }

    @Test
    void personalitiesAreDescribed() {
        assertThat(terminal.run("personalities")).isZero();
        assertThat(terminal.out())
                .contains("\nsmall-quota: min-lifetime = 300 s, quota = 32\n  A CGN that gives a subscriber little")
                .hasLineCount(2 * Personality.values().length);
    }

    @Test
    void personalitiesForPrograms() {
        assertThat(terminal.run("personalities", "--json")).isZero();
        assertThat(terminal.out())
                .contains("\"name\":\"small-quota\",\"settings\":{\"min-lifetime\":\"300 s\",\"quota\":\"32\"}}")
                .hasLineCount(1);
    }

    @Test
    void aBenchWithNothingToAskIsOneLine() {
        terminal.assertFails("--outstanding: 0 (expected: 1..1024)", "bench", "--outstanding", "0");
    }
}
