package io.portreeve.worlds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Finding a seed that fails, and the few lines of its script that matter. */
final class RunnerTest {

    /** Numbers in any order; it breaks when a 7 comes after a 3. */
    private static final class Numbers implements World<Integer> {
        private final int lowest;

        private Numbers(int lowest) {
            this.lowest = lowest;
        }

        @Override
        public List<Scripted<Integer>> script(long seed) {
            var chance = new Chance(seed);
            var script = new ArrayList<Scripted<Integer>>();
            for (int i = 0; i < 100; i++) {
                script.add(new Scripted<>(MonoTime.START.plus(Duration.ofSeconds(i)), 0, chance.nextInt(lowest, 50)));
            }
            return script;
        }

        @Override
        public Outcome run(long seed, List<Scripted<Integer>> script) {
            var time = new VirtualTime();
            var trace = new Trace(time);
            var numbers = new ArrayList<Integer>();
            try {
                script.forEach(line -> time.at(line.at(), () -> add(line.action(), numbers, trace)));
                time.passUntil(MonoTime.START.plus(Duration.ofHours(1)));
                return new Outcome(trace.hash(), time.happened(), Set.of("end"), Optional.empty());
            } catch (InvariantBroken e) {
                var failure = new Outcome.Failure(e.invariant(), time.now(), e.getMessage(), trace.end());
                return new Outcome(trace.hash(), time.happened(), Set.of(), Optional.of(failure));
            }
        }

        private static void add(int number, List<Integer> numbers, Trace trace) {
            trace.add("number", number, new byte[] {(byte) number});
            if (number == 7 && numbers.contains(3)) {
                throw new InvariantBroken("order", "7 after " + numbers);
            }
            numbers.add(number);
        }
    }

    @Test
    void theSameSeedTellsTheSameStory() {
        var world = new Numbers(8);
        var first = world.run(1, world.script(1));
        assertThat(world.run(1, world.script(1)).hash()).isEqualTo(first.hash());
        assertThat(world.run(2, world.script(2)).hash()).isNotEqualTo(first.hash());
    }

    @Test
    void worldsThatHoldAreCounted() {
        var report = Worlds.check(new Numbers(8), 50);
        assertThat(report.worlds()).isEqualTo(50);
        assertThat(report.events()).isEqualTo(5000);
        assertThat(report.reached()).containsEntry("end", 50L);
    }

    @Test
    void aFailureNamesItsLowestSeedAndTheTwoLinesThatMatter() {
        var world = new Numbers(0);
        long lowest = 0;
        while (world.run(lowest, world.script(lowest)).failure().isEmpty()) {
            lowest++;
        }
        assertThat(Worlds.explore(world, 1000).failing()).contains(lowest);
        assertThatThrownBy(() -> Worlds.check(world, 1000))
                .hasMessageStartingWith("seed " + lowest + ": order: 7 after")
                .hasMessageContaining("to 2 lines it breaks with: order: 7 after [3]");
    }
}
