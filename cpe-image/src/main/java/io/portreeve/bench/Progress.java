package io.portreeve.bench;

/** What is going on, for whoever waits. */
public final class Progress {
    private Progress() {}

    public static void say(String what) {
        System.err.println("  " + what);
    }
}
