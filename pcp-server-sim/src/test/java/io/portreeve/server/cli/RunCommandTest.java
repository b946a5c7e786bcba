package io.portreeve.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunCommandTest {
    private static final List<String> SERVER =
            List.of("server listen = 127.0.0.1", "server port = 0", "server pool = 203.0.114.1");

    /** NAT-PMP: TCP 8080, the same outside, for an hour. */
    private static final String CLIENT = "at 0s run exec bash -c"
            + " 'printf \"\\\\0\\\\2\\\\0\\\\0\\\\037\\\\220\\\\037\\\\220\\\\0\\\\0\\\\016\\\\020\" > /dev/udp/$PCP_SERVER/$PCP_PORT'";

    private final Terminal terminal = new Terminal();

    @TempDir
    private Path directory;

    private int run(List<String> lines, String... options) throws Exception {
        var file = Files.write(
                directory.resolve("x.scenario"),
                Stream.of(SERVER, lines).flatMap(List::stream).toList());
        return terminal.run(Stream.of(List.of("run", file.toString()), List.of(options))
                .flatMap(List::stream)
                .toArray(String[]::new));
    }

    @Test
    void aClientThatDoesWhatIsExpected() throws Exception {
        assertThat(run(List.of(
                        CLIENT,
                        "within 50s expect MAP tcp 8080 from 127.0.0.1",
                        "within 50s expect mapping tcp 127.0.0.1:8080 at 203.0.114.1:8080",
                        "within 50s expect exit 0")))
                .as(terminal.out() + terminal.err())
                .isZero();
        assertThat(terminal.out().lines())
                .hasSize(3)
                .allMatch(line -> line.matches("ok +\\d+\\.\\d s  within 50s expect .*; .*"))
                .anyMatch(line -> line.endsWith("expect MAP tcp 8080 from 127.0.0.1; seen 1"));
    }

    @Test
    void aClientThatDoesNot() throws Exception {
        assertThat(run(List.of(
                        "at 0s faults refuse=NOT_AUTHORIZED",
                        "at 0s renumber 127.0.0.1 198.51.100.1",
                        "at 0s renumber 127.0.0.1 203.0.114.1",
                        CLIENT,
                        "for 50s expect no MAP",
                        "within 50s expect exit 9")))
                .isEqualTo(1);
        assertThat(terminal.out())
                .containsPattern("FAILED .* s  at 0s renumber 127.0.0.1 198.51.100.1; .* is no address of the pool\n")
                .containsPattern("FAILED .* s  at 0s renumber 127.0.0.1 203.0.114.1; .* has no external address yet")
                .containsPattern(
                        "FAILED .* s  for 50s expect no MAP; instead it received 1 x MAP tcp 8080 from 127.0.0.1\n")
                .containsPattern("FAILED .* s  within 50s expect exit 9; exit 0\n");
    }

    @Test
    void resultsForPrograms() throws Exception {
        assertThat(run(List.of("for 1ms expect no PEER"), "--json")).isZero();
        assertThat(terminal.out()).isEqualTo("""
                [{"line":4,"text":"for 1ms expect no PEER","held":true,"at-ms":1,"seen":"seen 0"}]
                """);
    }

    @Test
    void aMistakeIsFoundBeforeAnythingStarts() throws Exception {
        assertThat(run(List.of("at 0s run touch " + directory.resolve("started"), "within 1s expect MAPS")))
                .isEqualTo(2);
        assertThat(terminal.err()).startsWith("pcp-server-sim: ").contains("x.scenario:5: 'MAPS': expected MAP, PEER,");
        assertThat(run(List.of("within 1s expect MAP", "server quotta = 3"), "--check"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("x.scenario:5: unknown key 'quotta'; did you mean 'quota'?");
        assertThat(directory.resolve("started")).doesNotExist();
        assertThat(terminal.out()).isEqualTo("");
    }

    @Test
    void aGoodOneIsGood() throws Exception {
        assertThat(run(List.of("within 1h expect MAP"), "--check")).isZero();
        assertThat(terminal.out()).endsWith("x.scenario: good\n");
    }
}
