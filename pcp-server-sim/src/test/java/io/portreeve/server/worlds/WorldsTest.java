package io.portreeve.server.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import io.portreeve.worlds.Replay;
import io.portreeve.worlds.Worlds;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Thousands of days of one server, with everything that can go wrong. */
final class WorldsTest {
    private static final int SEEDS = Boolean.getBoolean("portreeve.long") ? 200_000 : 10_000;

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
        var outcomes =
                Stream.of("Added", "WasThere", "InTheWay", "RefusedByCgn", "NotSaved", "Overtaken", "Nobody", "Moved");
        var toOperator = outcomes.map(it -> "operator: " + it);
        var wanted = Stream.of(faults, deaths, answers.map(it -> "answer " + it), toOperator, others)
                .flatMap(it -> it)
                .toList();
        assertThat(Worlds.explore(new SmallWorld(), 1000).reached()).containsKeys(wanted.toArray(String[]::new));
    }

    @Test
    void aSeedTellsTheSameStoryInAnotherJvm() throws Exception {
        assertThat(Replay.hashesOfAnotherJvm(SmallWorld.class)).isEqualTo(Replay.hashes(new SmallWorld()));
    }
}
