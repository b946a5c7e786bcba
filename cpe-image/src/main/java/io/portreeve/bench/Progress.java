package io.portreeve.bench;

/** What is going on, for whoever waits. */
final class Progress {
    private Progress() {}

    static void say(String what) {
        System.err.println("  " + what);
    }
}
