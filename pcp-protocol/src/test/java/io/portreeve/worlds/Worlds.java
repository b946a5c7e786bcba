package io.portreeve.worlds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Lives through many worlds, on all cores; each world is one thread's alone. */
public final class Worlds {

    /**
     * What all of them came to.
     *
     * @param worlds how many were lived through
     * @param reached in how many of them each seldom thing happened
     * @param failing the lowest seed that fails
     */
    public record Report(long worlds, long events, Map<String, Long> reached, Optional<Long> failing) {}

    private record Tally(long worlds, long events, Map<String, Long> reached) {}

    private Worlds() {}

    /** Lives through the seeds from 0; if one fails, says which, and shows a short way there. */
    public static <A> Report check(World<A> world, int count) {
        var report = explore(world, count);
        report.failing().ifPresent(seed -> {
            throw new AssertionError(story(world, seed));
        });
        return report;
    }

    /** {@return what the seeds from 0 came to: {@code count} of them, or not many more than the first that fails} */
    public static <A> Report explore(World<A> world, int count) {
        var next = new AtomicLong();
        var failing = new AtomicLong(count);
        int cores = Runtime.getRuntime().availableProcessors();
        var workers = new ArrayList<Callable<Tally>>();
        for (int i = 0; i < cores; i++) {
            workers.add(() -> work(world, next, failing));
        }
        try (var threads = Executors.newFixedThreadPool(cores)) {
            var tallies = new ArrayList<Tally>();
            for (var tally : threads.invokeAll(workers)) {
                tallies.add(tally.get());
            }
            return report(tallies, failing.get() < count ? Optional.of(failing.get()) : Optional.empty());
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the world's own code failed", e);
        }
    }

    private static <A> Tally work(World<A> world, AtomicLong next, AtomicLong failing) {
        long worlds = 0;
        long events = 0;
        var reached = new TreeMap<String, Long>();
        for (long seed = next.getAndIncrement(); seed < failing.get(); seed = next.getAndIncrement()) {
            var outcome = world.run(seed, world.script(seed));
            worlds++;
            events += outcome.events();
            outcome.reached().forEach(what -> reached.merge(what, 1L, Long::sum));
            if (outcome.failure().isPresent()) {
                failing.accumulateAndGet(seed, Math::min);
            }
        }
        return new Tally(worlds, events, reached);
    }

    private static Report report(List<Tally> tallies, Optional<Long> failing) {
        var reached = new TreeMap<String, Long>();
        tallies.forEach(tally -> tally.reached.forEach((what, count) -> reached.merge(what, count, Long::sum)));
        return new Report(
                tallies.stream().mapToLong(Tally::worlds).sum(),
                tallies.stream().mapToLong(Tally::events).sum(),
                reached,
                failing);
    }

    /** {@return what a person needs to understand why {@code seed} fails} */
    public static <A> String story(World<A> world, long seed) {
        var script = world.script(seed);
        var failure = world.run(seed, script).failure();
        if (failure.isEmpty()) {
            return "seed " + seed + " failed, and lived through again it did not: something is left to real chance";
        }
        var shortest = Shrinking.of(world, seed, script, failure.get());
        var again = world.run(seed, shortest).failure().orElseThrow();
        return "seed %d: %s%nshortened from %d to %d lines it breaks with: %s%n%nscript:%n%s%n%nthe end of the trace:%n%s"
                .formatted(
                        seed,
                        failure.get().message(),
                        script.size(),
                        shortest.size(),
                        again.message(),
                        shortest.stream().map(Scripted::toString).collect(Collectors.joining("\n")),
                        String.join("\n", again.end()));
    }
}
