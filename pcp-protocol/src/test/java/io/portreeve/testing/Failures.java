package io.portreeve.testing;

/** What a test that expects no failure gives a thread to report its failure to. */
public final class Failures {
    private Failures() {}

    public static void unexpected(Throwable failure) {
        throw new AssertionError("a thread has failed", failure);
    }
}
