package io.portreeve.requirements;

/**
 * One row of a requirement document.
 *
 * @param id with the document's prefix
 * @param level MUST, SHOULD, MAY, each with NOT where so, or DEC for a decision of our own where the texts are silent
 * @param title what must hold, in one line
 * @param built false for what this release leaves out on purpose
 */
record Requirement(String id, String level, String title, boolean built) {
    static final String NOT_BUILT = "not-built";

    /** Reads {@code id, level, title} and, where so, {@code not-built}, with tabs between. */
    static Requirement ofLine(String document, String line) {
        var columns = line.split("\t", -1);
        boolean notBuilt = columns.length == 4 && columns[3].equals(NOT_BUILT);
        if (columns.length != 3 && !notBuilt) {
            throw new IllegalArgumentException(document + ": not a requirement: '" + line + "'");
        }
        return new Requirement(document + ":" + columns[0], columns[1], columns[2], !notBuilt);
    }

    boolean isMust() {
        return level.startsWith("MUST");
    }
}
