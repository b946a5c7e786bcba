package io.portreeve.requirements;

/**
 * What became of one test that names one row.
 *
 * @param id the row with its document's prefix
 * @param test the test's class and method
 * @param held true if the test ran and every execution of it succeeded
 */
record Claim(String id, String test, boolean held) {
    private static final String HELD = "held";
    private static final String FAILED = "failed";

    static Claim ofLine(String line) {
        var columns = line.split("\t", -1);
        if (columns.length != 3) {
            throw new IllegalArgumentException("not a claim: '" + line + "'");
        }
        return new Claim(columns[0], columns[1], columns[2].equals(HELD));
    }

    String toLine() {
        return id + "\t" + test + "\t" + (held ? HELD : FAILED);
    }
}
