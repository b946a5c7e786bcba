package io.portreeve.client.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.worlds.Action.Forged;
import io.portreeve.requirements.Proves;
import io.portreeve.worlds.Replay;
import io.portreeve.worlds.Worlds;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Thousands of days of one client and its server, with everything that can go wrong. */
final class WorldsTest {
    private static final int SEEDS = Boolean.getBoolean("portreeve.long") ? 200_000 : 10_000;

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
        var others = Stream.of(
                "client killed in the middle",
                "server killed in the middle",
                "server cannot start",
                "connects",
                "probe",
                "question",
                "audited");
        var wanted = Stream.of(faults, deaths, forged, answers, others)
                .flatMap(it -> it)
                .toList();
        assertThat(Worlds.explore(new SmallWorld(), 1000).reached()).containsKeys(wanted.toArray(String[]::new));
    }

    @Test
    void aSeedTellsTheSameStoryInAnotherJvm() throws Exception {
        assertThat(Replay.hashesOfAnotherJvm(SmallWorld.class)).isEqualTo(Replay.hashes(new SmallWorld()));
    }
}
