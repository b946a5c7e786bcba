package io.portreeve.igd.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.worlds.Aftermath;
import io.portreeve.requirements.Proves;
import io.portreeve.worlds.Replay;
import io.portreeve.worlds.Worlds;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Thousands of days of two homes at one provider, with everything that can go wrong. */
final class WorldsTest {
    private static final int SEEDS = Boolean.getBoolean("portreeve.long") ? 20_000 : 2_000;

    @Test
    @Proves("igd:I-IWFM-03")
    void everyInvariantHoldsInEveryWorld() {
        long start = System.nanoTime();
        var report = Worlds.check(new Street(), SEEDS);
        long seconds = (System.nanoTime() - start) / 1_000_000_000;
        System.out.println(report.worlds() + " worlds, " + report.events() + " events, " + seconds + " s");
        assertThat(report.worlds()).isEqualTo(SEEDS);
    }

    /** A test that never meets what it is about proves nothing. */
    @Test
    void everyHabitEveryFaultAndEveryReplyIsMet() {
        var faults = Arrays.stream(Action.class.getPermittedSubclasses()).map(Class::getSimpleName);
        var habits = Arrays.stream(Habit.values()).map(habit -> "habit " + habit);
        var deaths = Arrays.stream(Aftermath.values())
                .flatMap(aftermath -> Stream.of("gateway died " + aftermath, "server died " + aftermath));
        var replies = Stream.of(
                "reply Done",
                "reply ReservedPort",
                "reply Entry",
                "reply Listing",
                "reply ExternalAddress",
                "failed ACTION_FAILED",
                "failed CONFLICT",
                "failed INVALID_INDEX",
                "failed NOT_AUTHORIZED",
                "failed NO_PORT_MAPS_AVAILABLE",
                "failed NO_SUCH_ENTRY",
                "failed PORT_MAPPING_NOT_FOUND",
                "failed WILDCARD_EXTERNAL_PORT");
        var others = Stream.of(
                "gateway killed in the middle",
                "server killed in the middle",
                "the provider loses something",
                "told Granted",
                "told Lost",
                "unreachable");
        var wanted = Stream.of(faults, habits, deaths, replies, others)
                .flatMap(it -> it)
                .toList();
        assertThat(Worlds.explore(new Street(), 300).reached()).containsKeys(wanted.toArray(String[]::new));
    }

    @Test
    void aSeedTellsTheSameStoryInAnotherJvm() throws Exception {
        assertThat(Replay.hashesOfAnotherJvm(Street.class)).isEqualTo(Replay.hashes(new Street()));
    }
}
