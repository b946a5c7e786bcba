package io.portreeve.runtime;

/** Waiting for the end of a thread, after which what it used can be closed. */
public final class Joining {
    private Joining() {}

    /** Waits though it is interrupted, and leaves the thread that waits interrupted. */
    public static void whateverComes(Thread ending) {
        boolean interrupted = false;
        while (true) {
            try {
                ending.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
