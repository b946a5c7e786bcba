package io.portreeve.bench;

/**
 * What was measured.
 *
 * @param tableSize how many mappings there were besides those being made
 * @param callers how many asked at once
 */
record Subject(String what, int tableSize, int callers) {
    static final String CHAIN = "chain";
    static final String MINIUPNPD = "miniupnpd";
    static final String LOAD = "load alone";

    Subject of(String other) {
        return new Subject(other, tableSize, callers);
    }

    Subject withTableSize(int other) {
        return new Subject(what, other, callers);
    }
}
