package io.portreeve.worlds;

import io.portreeve.pcp.MonoTime;

/**
 * One line of a script.
 *
 * @param chance the seed of what is left to chance in it
 */
public record Scripted<A>(MonoTime at, long chance, A action) {

    @Override
    public String toString() {
        return "%14.6f  %s".formatted(at.nanos() / 1e9, action);
    }
}
