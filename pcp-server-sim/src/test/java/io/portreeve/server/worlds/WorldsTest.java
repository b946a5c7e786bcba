package io.portreeve.server.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import io.portreeve.worlds.Worlds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Thousands of days of one server, with everything that can go wrong. */
final class WorldsTest {
    private static final int SEEDS = Boolean.getBoolean("portreeve.long") ? 200_000 : 10_000;
    private static final int REPLAYED = 20;

    @Test
    @Proves({"rel:I1", "rel:I2", "rel:I3", "rel:I8", "rel:I9", "rel:I10", "rel:F-5", "rel:F-12"})
    void everyInvariantHoldsInEveryWorld() {
        var report = Worlds.check(new SmallWorld(), SEEDS);
        assertThat(report.worlds()).isEqualTo(SEEDS);
    }

    /** A test that never meets what it is about proves nothing. */
    @Test
    void everyFaultAndEveryAnswerIsMet() {
        var faults = Arrays.stream(Action.class.getPermittedSubclasses()).map(Class::getSimpleName);
        var deaths = Arrays.stream(Action.Aftermath.values()).map(aftermath -> "died " + aftermath);
        var answers = Stream.of(
                "SUCCESS",
                "NOT_AUTHORIZED",
                "NO_RESOURCES",
                "USER_EX_QUOTA",
                "CANNOT_PROVIDE_EXTERNAL",
                "NETWORK_FAILURE",
                "ADDRESS_MISMATCH",
                "MALFORMED_OPTION",
                "UNSUPP_OPTION",
                "UNSUPP_PROTOCOL",
                "MALFORMED_REQUEST",
                "EXCESSIVE_REMOTE_PEERS",
                "NONEXIST_MAP",
                "of NAT-PMP 0",
                "of NAT-PMP 2",
                "of NAT-PMP 4");
        var others = Stream.of(
                "killed in the middle", "killed in the start", "start failed", "lost in the start", "walked on");
        var wanted = Stream.of(faults, deaths, answers.map(it -> "answer " + it), others)
                .flatMap(it -> it)
                .toList();
        assertThat(Worlds.explore(new SmallWorld(), 1000).reached()).containsKeys(wanted.toArray(String[]::new));
    }

    @Test
    void aSeedTellsTheSameStoryInAnotherJvm() throws Exception {
        assertThat(hashesOfAnotherJvm()).isEqualTo(hashes());
    }

    private static String hashesOfAnotherJvm() throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var process = new ProcessBuilder(java, "-cp", classes, WorldsTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed.strip();
    }

    /** What the other JVM runs. */
    public static void main(String[] args) {
        System.out.println(hashes());
    }

    private static String hashes() {
        var world = new SmallWorld();
        var hashes = new StringBuilder();
        for (long seed = 0; seed < REPLAYED; seed++) {
            hashes.append(Long.toHexString(world.run(seed, world.script(seed)).hash()))
                    .append(' ');
        }
        return hashes.toString().strip();
    }
}
