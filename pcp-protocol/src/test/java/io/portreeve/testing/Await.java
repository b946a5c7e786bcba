package io.portreeve.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what must come. The deadline only says that something hangs. */
public final class Await {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** So that looking takes no processor from what is waited for, and asks no server more often than it answers one client. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);

    private Await() {}

    /** Fails with {@code what} unless {@code condition} becomes true. */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        until(what, DEADLINE, condition);
    }

    /** @param deadline for what takes its time even if nothing hangs */
    public static void until(String what, Duration deadline, Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            assertThat(System.nanoTime() - start).as(what).isLessThan(deadline.toNanos());
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }
}
