package io.portreeve.server.cli;

import io.portreeve.control.ControlException;
import java.util.function.IntSupplier;

/** Work that Ctrl-C ends in good order. A JVM that is told to stop says 130, which would look like a failure. */
final class UntilSignal {
    private UntilSignal() {}

    @FunctionalInterface
    interface Work {
        int done() throws ControlException, InterruptedException;
    }

    /**
     * {@return the exit code of {@code work}, if it ends by itself}
     *
     * @param stopped done at a signal; its exit code is the program's
     */
    static int run(Work work, IntSupplier stopped) throws ControlException, InterruptedException {
        var hook = Thread.ofPlatform().unstarted(() -> Runtime.getRuntime().halt(stopped.getAsInt()));
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.done();
        } finally {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
