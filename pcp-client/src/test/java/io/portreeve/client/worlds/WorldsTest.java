package io.portreeve.client.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.worlds.Action.Aftermath;
import io.portreeve.client.worlds.Action.Forged;
import io.portreeve.requirements.Proves;
import io.portreeve.worlds.Worlds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Thousands of days of one client and its server, with everything that can go wrong. */
final class WorldsTest {
    private static final int SEEDS = Boolean.getBoolean("portreeve.long") ? 200_000 : 10_000;
    private static final int REPLAYED = 20;

    @Test
    @Proves({"rel:I5", "rel:I7", "rel:F-5", "pcp:C-RETX-02", "pcp:C-RETX-04", "pcp:C-LIFE-02", "pcp:C-RR-05"})
    void everyInvariantHoldsInEveryWorld() {
        long start = System.nanoTime();
        var report = Worlds.check(new SmallWorld(), SEEDS);
        long seconds = (System.nanoTime() - start) / 1_000_000_000;
        System.out.println(report.worlds() + " worlds, " + report.events() + " events, " + seconds + " s");
        assertThat(report.worlds()).isEqualTo(SEEDS);
    }

    /** A test that never meets what it is about proves nothing. */
    @Test
    void everyFaultAndEveryAnswerIsMet() {
        var faults = Arrays.stream(Action.class.getPermittedSubclasses()).map(Class::getSimpleName);
        var deaths = Arrays.stream(Aftermath.values())
                .flatMap(aftermath -> Stream.of("client died " + aftermath, "server died " + aftermath));
        var forged = Arrays.stream(Forged.values()).map(what -> "forged " + what);
        var answers = Stream.of(
                "answer Granted",
                "answer Released",
                "answer HeldByOther",
                "answer Unreachable",
                "refused CANNOT_PROVIDE_EXTERNAL",
                "refused NOT_AUTHORIZED",
                "refused NO_RESOURCES",
                "refused USER_EX_QUOTA",
                "told Granted",
                "told Lost");
        var others = Stream.of("client killed in the middle", "server killed in the middle", "server cannot start");
        var wanted = Stream.of(faults, deaths, forged, answers, others)
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
