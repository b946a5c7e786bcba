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
    private static final MemorySegment WHICH = CFunction.value(7);
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Seconds and nanoseconds. Taking memory for each question would take longer than the question. */
    private static final ThreadLocal<MemorySegment> TIMESPECS =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, 2));

    private static final CFunction CLOCK_GETTIME = CFunction.of("clock_gettime");

    @Override
    public MonoTime now() {
        var timespec = TIMESPECS.get();
        if (CLOCK_GETTIME.call(WHICH, timespec, MemorySegment.NULL) != 0) {
            throw new IllegalStateException("this kernel has no CLOCK_BOOTTIME");
        }
        return new MonoTime(timespec.get(ValueLayout.JAVA_LONG, 0) * NANOS_PER_SECOND
                + timespec.get(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG.byteSize()));
    }
}
