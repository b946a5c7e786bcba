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

    boolean breaks(String invariant) {
        return failure.filter(it -> it.invariant().equals(invariant)).isPresent();
    }
}
