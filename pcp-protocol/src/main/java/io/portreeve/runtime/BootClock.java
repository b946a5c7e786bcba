package io.portreeve.runtime;

import io.portreeve.pcp.MonoTime;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The time since the machine started, suspend included: Linux's CLOCK_BOOTTIME.
 *
 * <p>{@link System#nanoTime} stands still while the machine sleeps, and the server's lifetimes do not.
 */
public final class BootClock implements MonoClock {
    private static final int CLOCK_BOOTTIME = 7;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final MethodHandle clockGettime;

    @SuppressWarnings("restricted") // foreign functions: the launchers pass --enable-native-access
    public BootClock() {
        var linker = Linker.nativeLinker();
        clockGettime = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("clock_gettime"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    }

    @Override
    public MonoTime now() {
        try (var arena = Arena.ofConfined()) {
            MemorySegment timespec = arena.allocate(2 * ValueLayout.JAVA_LONG.byteSize(), 8);
            int failed = (int) clockGettime.invokeExact(CLOCK_BOOTTIME, timespec);
            if (failed != 0) {
                throw new IllegalStateException("this kernel has no CLOCK_BOOTTIME");
            }
            return new MonoTime(timespec.getAtIndex(ValueLayout.JAVA_LONG, 0) * NANOS_PER_SECOND
                    + timespec.getAtIndex(ValueLayout.JAVA_LONG, 1));
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("clock_gettime throws nothing", e);
        }
    }
}
