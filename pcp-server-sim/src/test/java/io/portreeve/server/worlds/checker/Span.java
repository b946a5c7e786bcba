package io.portreeve.server.worlds.checker;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Contiguous ports of one host.
 *
 * @param count 1 or more
 */
public record Span(Who first, int count) {

    boolean has(Who who) {
        return who.port() >= first.port() && who.port() < first.port() + count && who.isOnHostOf(first);
    }

    boolean overlaps(Span other) {
        return has(other.first) || other.has(first);
    }

    /** {@return each port by itself} */
    public List<Who> each() {
        return IntStream.range(0, count)
                .mapToObj(i -> first.port(first.port() + i))
                .toList();
    }
}
