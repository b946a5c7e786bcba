package io.portreeve.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.PcpAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {
    private static final String FILE = "portreeve.conf";
    private static final String A_TIME = "a time with its unit: 250 ms, 30 s, 5 min, 2 h or 1 d";

    private static Settings settings(String... lines) throws SettingsException {
        return new Settings(FILE, List.of(lines));
    }

    @FunctionalInterface
    private interface Use {
        Object on(Settings settings) throws SettingsException;
    }

    private record Row(String message, String lines, Use use) {}

    static Stream<Row> errors() {
        Use quota = settings -> settings.number("quota", 8, 1, 64);
        Use lease = settings -> settings.duration("lease", Duration.ZERO);
        Use server = settings -> settings.address("server");
        return Stream.of(
                new Row("1: expected 'key = value', found 'lease'", "lease", lease),
                new Row("2: expected 'key = value', found 'lease 30 s'", "# comment\n lease 30 s", lease),
                new Row("1: expected 'key = value', found '= 30 s'", "= 30 s", lease),
                new Row("1: expected 'key = value', found 'Lease = 30 s'", "Lease = 30 s", lease),
                new Row("1: expected 'key = value', found 'max_lease = 30 s'", "max_lease = 30 s", lease),
                new Row("4: 'lease' stands in line 1 already", "lease = 1 s\n\n# again\nlease = 2 s", lease),
                new Row("1: lease = '30' is not " + A_TIME, "lease = 30", lease),
                new Row("1: lease = '30 sec' is not " + A_TIME, "lease = 30 sec", lease),
                new Row("1: lease = '30  s' is not " + A_TIME, "lease = 30  s", lease),
                new Row("1: lease = '-1 s' is not " + A_TIME, "lease = -1 s", lease),
                new Row("1: lease = '1.5 h' is not " + A_TIME, "lease = 1.5 h", lease),
                new Row("1: lease = '\u0663 s' is not " + A_TIME, "lease = \u0663 s", lease),
                new Row("1: lease = '10000000000 s' is not " + A_TIME, "lease = 10000000000 s", lease),
                new Row("1: lease = '' is not " + A_TIME, "lease =", lease),
                new Row("1: quota = '0' is not a number from 1 to 64", "quota = 0", quota),
                new Row("1: quota = '65' is not a number from 1 to 64", "quota = 65", quota),
                new Row("1: quota = '-1' is not a number from 1 to 64", "quota = -1", quota),
                new Row("1: quota = '+1' is not a number from 1 to 64", "quota = +1", quota),
                new Row("1: quota = '0x10' is not a number from 1 to 64", "quota = 0x10", quota),
                new Row("1: quota = '\u0663' is not a number from 1 to 64", "quota = \u0663", quota),
                new Row("1: quota = '4294967297' is not a number from 1 to 64", "quota = 4294967297", quota),
                new Row("1: nat = 'yes' is not on or off", "nat = yes", settings -> settings.onOff("nat", true)),
                new Row("1: nat = 'ON' is not on or off", "nat = ON", settings -> settings.onOff("nat", true)),
                new Row("1: server = 'localhost' is not an IP address", "server = localhost", server),
                new Row("1: server = '10.0.0.01' is not an IP address", "server = 10.0.0.01", server),
                new Row(" 'server' is missing", "# server = 10.0.0.1", server),
                new Row(" 'user' is missing", "", settings -> settings.required("user")),
                new Row(
                        "1: state = 'a\0b' is not the name of a file or folder",
                        "state = a\0b",
                        settings -> settings.path("state", "/var/lib")));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void namesFileAndLineAndWhatWasExpected(Row row) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> row.use().on(settings(row.lines().split("\n"))))
                .withMessage(FILE + ":" + row.message());
    }

    @Test
    void anUnknownKeyIsToldWithTheNearestKnownOne() throws SettingsException {
        var settings = settings("pcp-sever = 10.0.0.1");
        settings.text("pcp-server");
        settings.text("quota");
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(settings::rejectUnknown)
                .withMessage(FILE + ":1: unknown key 'pcp-sever'; did you mean 'pcp-server'?");
    }

    @Test
    void anUnknownKeyThatResemblesNoneIsToldAlone() throws SettingsException {
        var settings = settings("quota = 1", "colour = red");
        settings.text("quota");
        settings.text("pcp-server");
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(settings::rejectUnknown)
                .withMessage(FILE + ":2: unknown key 'colour'");
    }

    @Test
    void anErrorOfTheProgramsOwnNamesTheLineToo() throws SettingsException {
        var settings = settings("", "ports = 9-1");
        assertThat(settings.wrong("ports", "a range")).hasMessage(FILE + ":2: ports = '9-1' is not a range");
        assertThat(settings.wrong("pool", "an address")).hasMessage(FILE + ": 'pool' is missing; expected an address");
    }

    @Test
    void readsValues() throws SettingsException {
        var settings = settings(
                "# a comment",
                "",
                "quota=64",
                "  nat =  off ",
                "server = 2001:db8::1",
                "name = a = b # c",
                "state = /x/y");
        assertThat(settings.number("quota", 8, 1, 64)).isEqualTo(64);
        assertThat(settings.number("quota", 8, 64, 99)).as("the least").isEqualTo(64);
        assertThat(settings.onOff("nat", true)).isFalse();
        assertThat(settings.address("server")).isEqualTo(PcpAddress.parse("2001:db8::1"));
        assertThat(settings.text("name")).contains("a = b # c");
        assertThat(settings.path("state", "/")).isEqualTo(Path.of("/x/y"));
        settings.rejectUnknown();
        assertThat(settings.known()).containsExactly("name", "nat", "quota", "server", "state");
    }

    @ParameterizedTest
    @CsvSource({"250 ms, PT0.25S", "0 s, PT0S", "30s, PT30S", "5 min, PT5M", "2 h, PT2H", "1 d, PT24H"})
    void readsTimesWithTheirUnit(String text, Duration expected) throws SettingsException {
        assertThat(settings("lease = " + text).duration("lease", Duration.ZERO)).isEqualTo(expected);
    }

    @Test
    void optionsWinOverTheFileAndErrorsNameThem() throws SettingsException {
        var settings = new Settings("test.conf", List.of("port = x", "quota = 3"));
        settings.override(Map.of("port", " 5351 ", "wait", "soon"));
        assertThat(settings.number("port", 1, 0, 65_535)).isEqualTo(5351);
        assertThat(settings.number("quota", 1, 0, 9)).isEqualTo(3);
        assertThatThrownBy(() -> settings.duration("wait", Duration.ZERO))
                .hasMessageStartingWith("--wait: wait = 'soon' is not a time");
    }

    @Test
    void fallsBackWhereTheFileIsSilent() throws SettingsException {
        var settings = settings();
        assertThat(settings.number("quota", 8, 1, 64)).isEqualTo(8);
        assertThat(settings.onOff("nat", true)).isTrue();
        assertThat(settings.onOff("nat", false)).isFalse();
        assertThat(settings.duration("lease", Duration.ofHours(2))).isEqualTo(Duration.ofHours(2));
        assertThat(settings.text("name", "x")).isEqualTo("x");
        assertThat(settings.path("state", "/x")).isEqualTo(Path.of("/x"));
        settings.rejectUnknown();
    }

    @Test
    void filesThatCannotBeReadAreToldInOneLine(@TempDir Path folder) throws Exception {
        var missing = folder.resolve("missing.conf");
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(missing))
                .withMessage(missing + ": there is no such file");
        var latin1 = Files.write(folder.resolve("latin1.conf"), new byte[] {'a', '=', (byte) 0xE9});
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(latin1))
                .withMessage(latin1 + ": is not UTF-8 text");
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(folder))
                .withMessage(folder + ": cannot be read: Is a directory");
        var good = Files.writeString(folder.resolve("good.conf"), "name = J\u00fcrgen\n");
        assertThat(Settings.read(good).required("name")).isEqualTo("J\u00fcrgen");
    }
}
