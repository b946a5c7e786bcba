package io.portreeve.bench;

/**
 * What was measured.
 *
 * @param tableSize how many mappings there were besides those being made
 * @param callers how many asked at once
 */
public record Subject(String what, int tableSize, int callers) {
    public static final String CHAIN = "chain";
    public static final String MINIUPNPD = "miniupnpd";
    public static final String LOAD = "load alone";

    Subject of(String other) {
        return new Subject(other, tableSize, callers);
    }

    Subject withTableSize(int other) {
        return new Subject(what, other, callers);
    }
}
