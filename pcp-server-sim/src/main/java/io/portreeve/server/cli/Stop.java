package io.portreeve.server.cli;

import java.util.concurrent.atomic.AtomicInteger;

/** How a command that runs for long ends. */
final class Stop {
    private Stop() {}

    /** A JVM that is told to stop says 143; the shutdown is ours to end, so it says what we know. */
    static void closeOnSignal(Runnable close, AtomicInteger exitCode) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            close.run();
            Runtime.getRuntime().halt(exitCode.get());
        }));
    }
}
