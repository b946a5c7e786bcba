package io.portreeve.worlds;

import java.util.ArrayList;
import java.util.List;

/** Leaves out of a failing script whatever is not needed for the same invariant to break: delta debugging. */
final class Shrinking<A> {
    private static final int MOST_RUNS = 600;

    private final World<A> world;
    private final long seed;
    private final String invariant;
    private int runs;

    private Shrinking(World<A> world, long seed, String invariant) {
        this.world = world;
        this.seed = seed;
        this.invariant = invariant;
    }

    /** {@return a script that still breaks what {@code failure} says} Not the shortest there is, but short. */
    static <A> List<Scripted<A>> of(World<A> world, long seed, List<Scripted<A>> script, Outcome.Failure failure) {
        var shrinking = new Shrinking<>(world, seed, failure.invariant());
        var untilThen =
                script.stream().filter(line -> !line.at().isAfter(failure.at())).toList();
        return shrinking.shorten(shrinking.fails(untilThen) ? untilThen : script);
    }

    private boolean fails(List<Scripted<A>> script) {
        runs++;
        return world.run(seed, script).breaks(invariant);
    }

    private List<Scripted<A>> shorten(List<Scripted<A>> failing) {
        var shortest = failing;
        for (int size = Math.max(1, shortest.size() / 2); size > 0; ) {
            int before = shortest.size();
            shortest = withoutPartsOf(size, shortest);
            boolean isDone = size == 1 && shortest.size() == before;
            if (isDone || runs >= MOST_RUNS) {
                return shortest;
            }
            size = Math.max(1, size / 2);
        }
        return shortest;
    }

    /** From the end: what came last is most often not needed. */
    private List<Scripted<A>> withoutPartsOf(int size, List<Scripted<A>> failing) {
        var shortest = failing;
        for (int from = shortest.size() - size; from > -size && runs < MOST_RUNS; from -= size) {
            var candidate = new ArrayList<>(shortest);
            candidate.subList(Math.max(0, from), from + size).clear();
            if (fails(candidate)) {
                shortest = candidate;
            }
        }
        return shortest;
    }
}
