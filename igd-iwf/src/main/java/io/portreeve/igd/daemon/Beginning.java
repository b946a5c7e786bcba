package io.portreeve.igd.daemon;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A part that is opened by a thread of its own, while others are: a gateway has more than one processor, and control points
 * wait for it after a power cut.
 *
 * @param <E> what it throws if it cannot be had
 */
final class Beginning<T extends AutoCloseable, E extends Exception> {

    @FunctionalInterface
    interface Opening<T, E extends Exception> {
        T open() throws E;
    }

    private final FutureTask<T> task;

    private Beginning(FutureTask<T> task) {
        this.task = task;
    }

    static <T extends AutoCloseable, E extends Exception> Beginning<T, E> of(String name, Opening<T, E> opening) {
        var task = new FutureTask<>(opening::open);
        Thread.ofPlatform().name(name).start(task);
        return new Beginning<>(task);
    }

    /** {@return the part, as soon as it is open} */
    T get() throws E {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a start", e);
        }
    }

    @SuppressWarnings("unchecked") // an opening throws nothing else that is checked
    private E failure(Throwable cause) {
        switch (cause) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> {
                return (E) cause;
            }
        }
    }

    /** Closes what was opened; nothing if that failed, which {@link #get} tells. */
    void end() throws Exception {
        T part;
        try {
            part = task.get();
        } catch (ExecutionException _) {
            return;
        }
        part.close();
    }
}
