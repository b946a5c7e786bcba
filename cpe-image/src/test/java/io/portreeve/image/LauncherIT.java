package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherIT {
    private static final Path HOME = Path.of(System.getProperty("portreeve.home"));

    @ParameterizedTest
    @ValueSource(strings = {"portreeve", "pcp-server-sim"})
    void saysInOneLineThatTheJavaAskedForDoesNotDo(String program) throws Exception {
        var result = Command.of(HOME + "/bin/" + program)
                .with("PORTREEVE_JAVA", "/nowhere")
                .run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output()).isEmpty();
        assertThat(result.errors()).isEqualTo(program + ": PORTREEVE_JAVA (/nowhere) is no Java 25 or later\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"portreeve", "pcp-server-sim"})
    void refusesAnOlderJava(String program, @TempDir Path old) throws Exception {
        Files.createDirectory(old.resolve("bin"));
        Files.createSymbolicLink(old.resolve("bin/java"), Path.of("/bin/true"));
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"24.0.2\"\n");

        var result = Command.of(HOME + "/bin/" + program)
                .with("PORTREEVE_JAVA", old.toString())
                .run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).contains(old + ") is no Java 25 or later");
    }

    @Test
    void theGatewayStartsFromWhatTheBuildTrained() throws Exception {
        assertThat(HOME.resolve("lib/Portreeve.aot")).isNotEmptyFile();
        var strict = Command.of(HOME + "/bin/portreeve", "--version")
                .with("PORTREEVE_JVM_FLAGS", "-XX:AOTMode=on")
                .run();
        assertThat(strict.errors()).isEmpty();
        assertThat(strict.exitCode()).isZero();
    }

    @Test
    void aJavaThatCannotUseItSaysSoAsideAndGoesOn() throws Exception {
        var other = Command.of(HOME + "/bin/portreeve", "--version")
                .with("PORTREEVE_JVM_FLAGS", "-XX:-UseSerialGC -XX:+UseZGC")
                .run();
        assertThat(other.output()).isEqualTo("portreeve 0.1.0\n");
        assertThat(other.errors()).contains("Unable to use AOT cache");
        assertThat(other.exitCode()).isZero();
    }

    /** A stand-in for java shows what it would be started with. */
    @ParameterizedTest
    @ValueSource(strings = {"portreeve", "pcp-server-sim"})
    void handsOnTheArgumentsAsTheyAre(String program, @TempDir Path java) throws Exception {
        Files.createDirectory(java.resolve("bin"));
        var standIn = Files.writeString(java.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertThat(standIn.toFile().setExecutable(true)).isTrue();
        Files.writeString(java.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");

        var link = Files.createSymbolicLink(
                java.resolve("linked"), HOME.resolve("bin").resolve(program));
        var result = Command.of(link.toString(), "--config", "a file")
                .with("PORTREEVE_JAVA", java.toString())
                .run();

        assertThat(result.errors()).isEmpty();
        var started = result.output().lines().toList();
        assertThat(started)
                .contains("-Djdk.xml.dtd.support=deny", "--enable-native-access=ALL-UNNAMED")
                .anyMatch(line -> line.startsWith(HOME + "/lib/igd-iwf-"))
                .endsWith("--config", "a file");
        assertThat(folder(started))
                .as("SQLite's own library is not unpacked at each start")
                .isDirectoryContaining("glob:**/libsqlitejdbc.so");
    }

    private static Path folder(List<String> started) {
        var option = "-Dorg.sqlite.lib.path=";
        return started.stream()
                .filter(word -> word.startsWith(option))
                .map(word -> Path.of(word.substring(option.length())))
                .findFirst()
                .orElseThrow();
    }
}
