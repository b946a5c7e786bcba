package io.portreeve.server.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FaultsTest {
    private static final List<String> EVERYTHING = List.of(
            "drop-requests=1%",
            "drop-answers=30%",
            "duplicate=10%",
            "delay=200ms",
            "jitter=100ms",
            "reorder=100%",
            "refuse=NO_RESOURCES",
            "refuse-lifetime=30s",
            "external=198.51.100.99",
            "lifetime=4294967295s",
            "epoch=+1000s",
            "cgn-delay=500ms",
            "quota=0",
            "pool=exhausted",
            "seed=-7");

    private static Faults faults(String... words) throws WrongFaultException {
        return Faults.NONE.with(List.of(words));
    }

    @Test
    void everyWordIsReadAndWritten() throws Exception {
        var faults = Faults.NONE.with(EVERYTHING);
        assertThat(faults)
                .isEqualTo(new Faults(
                        1,
                        30,
                        10,
                        Duration.ofMillis(200),
                        Duration.ofMillis(100),
                        100,
                        Optional.of(ResultCode.NO_RESOURCES),
                        Optional.of(new Lifetime(30)),
                        Optional.of(PcpAddress.parse("198.51.100.99")),
                        Optional.of(Lifetime.INFINITE),
                        1000,
                        Duration.ofMillis(500),
                        OptionalInt.of(0),
                        true,
                        OptionalLong.of(-7)));
        assertThat(faults.words()).isEqualTo(EVERYTHING);
        assertThat(faults).hasToString(String.join(" ", EVERYTHING));
    }

    @Test
    void noneIsNoWord() {
        assertThat(Faults.NONE.words()).isEmpty();
        assertThat(Faults.NONE).hasToString("no faults");
    }

    @Test
    void whatIsNotNamedStays() throws Exception {
        var before = faults("delay=200ms", "epoch=-1000s", "duplicate=5%");
        assertThat(before.with(List.of("delay=1min", "duplicate=off", "refuse=8", "jitter=0s")))
                .isEqualTo(faults("delay=60s", "epoch=-1000s", "refuse=NO_RESOURCES"));
    }

    @Test
    void eachCanBeTakenAway() throws Exception {
        var off = EVERYTHING.stream()
                .map(word -> word.replaceFirst("=.*", "=off"))
                .toList();
        assertThat(Faults.NONE.with(EVERYTHING).with(off)).isEqualTo(Faults.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            drop-requests=101%     | 0% to 100%, or off
            drop-answers=30        | 0% to 100%, or off
            duplicate=-1%          | 0% to 100%, or off
            reorder=               | 0% to 100%, or off
            delay=200              | a time up to 1min such as 200ms or 3s, or off
            delay=60001ms          | a time up to 1min such as 200ms or 3s, or off
            jitter=-1s             | a time up to 1min such as 200ms or 3s, or off
            refuse=SUCCESS         | an error's name or number such as NO_RESOURCES or 8, or off
            refuse=0               | an error's name or number such as NO_RESOURCES or 8, or off
            refuse=200             | an error's name or number such as NO_RESOURCES or 8, or off
            refuse-lifetime=30     | a time from 0s to 4294967295s such as 30s or 2h, or off
            external=here          | an IP address, or off
            lifetime=4294967296s   | a time from 0s to 4294967295s such as 30s or 2h, or off
            lifetime=1500ms        | a time from 0s to 4294967295s such as 30s or 2h, or off
            epoch=1000s            | seconds to add or to take away such as +1000s or -1000s, 4294967295 at most, or off
            epoch=                 | seconds to add or to take away such as +1000s or -1000s, 4294967295 at most, or off
            epoch=+4294967296s     | seconds to add or to take away such as +1000s or -1000s, 4294967295 at most, or off
            cgn-delay=2min         | a time up to 1min such as 200ms or 3s, or off
            quota=65536            | how many ports a subscriber may have, from 0 to 65535, or off
            quota=-1               | how many ports a subscriber may have, from 0 to 65535, or off
            pool=empty             | exhausted, or off
            seed=x                 | a whole number, or off
            seed=1000000000000000000 | a whole number, or off
            """)
    void refusesByNameAndSaysWhatIsExpected(String word, String expected) {
        assertThatThrownBy(() -> faults(word))
                .isInstanceOf(WrongFaultException.class)
                .hasMessage("'" + word + "': expected " + expected);
    }

    @Test
    void aKeyStandsThereOnce() {
        assertThatThrownBy(() -> faults("delay=1s", "seed=1", "delay=2s"))
                .hasMessage("'delay=2s': its key stands there twice");
    }

    @ParameterizedTest
    @CsvSource({"dely=1s", "delay", "''", "=1s", "Delay=1s"})
    void anUnknownKeySaysWhichThereAre(String word) {
        assertThatThrownBy(() -> faults(word))
                .hasMessage(
                        "'" + word + "': expected key=value; the keys are drop-requests, drop-answers, duplicate,"
                                + " delay, jitter, reorder, refuse, refuse-lifetime, external, lifetime, epoch, cgn-delay, quota, pool, seed");
    }
}
