package io.portreeve.worlds;

import io.portreeve.pcp.MonoTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a world ended.
 *
 * @param hash of everything that happened in it
 * @param reached what happened at least once, of the things that seldom do
 */
public record Outcome(long hash, int events, Set<String> reached, Optional<Failure> failure) {

    /**
     * What broke.
     *
     * @param invariant its short name
     * @param end the last lines of the trace
     */
    public record Failure(String invariant, MonoTime at, String message, List<String> end) {}

    /** Lives through {@code ages}, one after the other. {@return what came of it} */
    public static Outcome of(VirtualTime time, Trace trace, Set<String> reached, Runnable... ages) {
        var failure =
                failure(List.of(ages)).map(it -> new Failure(it.invariant(), time.now(), it.getMessage(), trace.end()));
        return new Outcome(trace.hash(), time.happened(), reached, failure);
    }

    private static Optional<InvariantBroken> failure(List<Runnable> ages) {
        try {
            ages.forEach(Runnable::run);
            return Optional.empty();
        } catch (InvariantBroken e) {
            return Optional.of(e);
        } catch (RuntimeException e) {
            return Optional.of(new InvariantBroken("exception", e + " at " + e.getStackTrace()[0]));
        }
    }

    boolean breaks(String invariant) {
        return failure.filter(it -> it.invariant().equals(invariant)).isPresent();
    }
}
