package io.portreeve.runtime;

import io.portreeve.pcp.MonoTime;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The time since the machine started, suspend included: Linux's CLOCK_BOOTTIME.
 *
 * <p>{@link System#nanoTime} stands still while the machine sleeps, and the server's lifetimes do not.
 */
public final class BootClock implements MonoClock {
    private static final int CLOCK_BOOTTIME = 7;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final CFunction CLOCK_GETTIME = CFunction.of("clock_gettime");

    @Override
    public MonoTime now() {
        try (var arena = Arena.ofConfined()) {
            var timespec = arena.allocate(ValueLayout.JAVA_LONG, 2);
            if (CLOCK_GETTIME.call(CFunction.value(CLOCK_BOOTTIME), timespec, MemorySegment.NULL) != 0) {
                throw new IllegalStateException("this kernel has no CLOCK_BOOTTIME");
            }
            return new MonoTime(timespec.getAtIndex(ValueLayout.JAVA_LONG, 0) * NANOS_PER_SECOND
                    + timespec.getAtIndex(ValueLayout.JAVA_LONG, 1));
        }
    }
}
