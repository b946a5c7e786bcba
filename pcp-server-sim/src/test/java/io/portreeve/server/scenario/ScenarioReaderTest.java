package io.portreeve.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.portreeve.server.scenario.Step.Act;
import io.portreeve.server.scenario.Step.Action.Run;
import io.portreeve.server.scenario.Step.Action.Tell;
import io.portreeve.server.scenario.Step.Expectation;
import io.portreeve.settings.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScenarioReaderTest {
    private static final Path EXAMPLES = Path.of("../docs/scenarios");

    private static Scenario read(String... lines) throws SettingsException {
        return ScenarioReader.read("x.scenario", List.of(lines));
    }

    @Test
    void linesAreWhatTheySay() throws Exception {
        var scenario = read(
                "# a comment",
                "server listen = 127.0.0.1",
                "",
                "at 0s  run  echo 'a   b'",
                "at 500ms faults drop-answers=30% delay=1s",
                "at 500ms faults clear",
                "at 1s restart without-state",
                "at 2s clear 10.0.0.2",
                "within 2min expect MAP");
        assertThat(scenario.settings()).startsWith("", "listen = 127.0.0.1", "").hasSize(9);
        assertThat(scenario.acts())
                .extracting(Act::action)
                .containsExactly(
                        new Run("echo 'a   b'"),
                        new Tell(List.of("faults", "set", "drop-answers=30%", "delay=1s")),
                        new Tell(List.of("faults", "clear")),
                        new Tell(List.of("restart", "without-state")),
                        new Tell(List.of("clear", "10.0.0.2")));
        assertThat(scenario.acts().get(1).at()).isEqualTo(Duration.ofMillis(500));
        assertThat(scenario.expectations())
                .extracting(Expectation::from, Expectation::until, Expectation::line)
                .containsExactly(tuple(Duration.ofSeconds(2), Duration.ofSeconds(122), 9));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            after 5s run x                     | 'after 5s run x': expected 'server key = value', 'at 5s ...'
            at 5s                              | 'at 5s': expected at TIME, and one of: run COMMAND, faults
            at 5 run x                         | '5': expected a time such as 500ms, 10s or 2min
            at 5s run                          | 'run': expected run COMMAND, faults key=value ...,
            at 5s faults                       | 'faults': expected run COMMAND
            at 5s faults drop=1%               | 'drop=1%': expected key=value; the keys are drop-requests
            at 5s faults delay=1               | 'delay=1': expected a time up to 1min
            at 5s restart now                  | 'restart now': expected run COMMAND
            at 5s clear me                     | 'me': expected an IP address
            at 5s renumber 10.0.0.2            | 'renumber 10.0.0.2': expected run COMMAND
            within 5s MAP                      | 'within 5s MAP': expected within TIME expect WHAT
            within soon expect MAP             | 'soon': expected a time such as
            within 5s expect map               | 'map': expected MAP, PEER, ANNOUNCE, GET, ADDRESS, UNREADABLE, mapping or exit
            within 5s expect MAP tpc           | 'MAP tpc': expected [tcp|udp [PORT]] [from ADDRESS] [delete]
            within 5s expect MAP from here     | 'here': expected an IP address after 'from'
            within 5s expect MAP count>3       | 'MAP count>3': expected [tcp|udp
            within 5s expect MAP count>=1 tcp  | 'tcp': expected nothing more, or another order of words
            within 5s expect MAP count<=3      | 'MAP count<=3': expected count>= with 'within', count<= or no with 'for'
            for 5s expect MAP                  | 'MAP': expected count>= with 'within'
            within 5s expect no MAP            | 'no MAP': expected for TIME expect no ...
            within 5s expect mapping 10.0.0.2:80 | 'mapping 10.0.0.2:80': expected mapping tcp|udp ADDRESS:PORT
            within 5s expect mapping tcp 80    | '80': expected an address and a port
            within 5s expect exit 0            | 'exit 0': expected a line above that runs something
            """)
    void aMistakeIsNamedByItsLine(String line, String message) {
        assertThatThrownBy(() -> read("server listen = 127.0.0.1", line, "within 1s expect MAP"))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("x.scenario:2: " + message);
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatThrownBy(() -> read("at 5s restart", "at 4s restart"))
                .hasMessage("x.scenario:2: '4s': expected a time that is not before that of the lines above");
    }

    @Test
    void whoExpectsNothingTestsNothing() {
        assertThatThrownBy(() -> read("at 5s restart"))
                .hasMessage("x.scenario: nothing is expected; say for instance: within 10s expect MAP");
    }

    @Test
    void aWrongSettingIsNamedByItsLineToo() throws Exception {
        var scenario = read("server listen = 127.0.0.1", "within 1s expect MAP", "server pol = 203.0.113.1");
        assertThatThrownBy(() -> ScenarioRun.settings(scenario, Path.of("x")))
                .hasMessageStartingWith("x.scenario: 'pool' is missing; did you mean it by 'pol' in line 3?");
    }

    @Test
    void theExamplesAreGood() throws Exception {
        try (var files = Files.list(EXAMPLES)) {
            var all = files.toList();
            assertThat(all).hasSize(3);
            for (var file : all) {
                assertThat(ScenarioRun.settings(ScenarioReader.read(file), Path.of("x"))
                                .stateDir())
                        .isEqualTo(Path.of("x"));
            }
        }
    }
}
