package io.portreeve.server.cgn;

/**
 * Ports without a gap between them.
 *
 * @param first 1..65535
 * @param last at least {@code first}
 */
public record PortSpan(int first, int last) {

    public PortSpan {
        if (first < 1 || last < first || last > 65_535) {
            throw new IllegalArgumentException("ports: " + first + "-" + last + " (expected: 1..65535)");
        }
    }

    boolean contains(int port) {
        return first <= port && port <= last;
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
