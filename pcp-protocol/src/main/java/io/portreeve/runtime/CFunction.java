package io.portreeve.runtime;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * A function of the C library that takes up to five integers or pointers and returns an integer, negative after an error.
 *
 * <p>All are called as if they took five pointers, because Java takes ten milliseconds for each shape of function, at every
 * start. A 64-bit processor passes each in a register of its own, and the function reads of it what it takes.
 */
public final class CFunction {
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_OF = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final FunctionDescriptor SHAPE =
            FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    /** Taking memory for each call would take longer than most calls. */
    private static final ThreadLocal<MemorySegment> STATES =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    private final MethodHandle function;

    private CFunction(MethodHandle function) {
        this.function = function;
    }

    /** {@return the function that is called so} */
    @SuppressWarnings("restricted") // foreign functions: the launchers pass --enable-native-access
    public static CFunction of(String name) {
        var linker = Linker.nativeLinker();
        return new CFunction(linker.downcallHandle(linker.defaultLookup().findOrThrow(name), SHAPE, ERRNO));
    }

    /** {@return an integer as an argument} */
    public static MemorySegment value(long integer) {
        return MemorySegment.ofAddress(integer);
    }

    /** {@return what the function returns, or minus errno} */
    public int call(MemorySegment first, MemorySegment second, MemorySegment third) {
        return call(first, second, third, MemorySegment.NULL, MemorySegment.NULL);
    }

    /** {@return what the function returns, or minus errno} Arguments it does not take do not matter. */
    public int call(
            MemorySegment first, MemorySegment second, MemorySegment third, MemorySegment fourth, MemorySegment fifth) {
        var state = STATES.get();
        try {
            int result = (int) (long) function.invokeExact(state, first, second, third, fourth, fifth);
            return result < 0 ? -(int) ERRNO_OF.get(state, 0L) : result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a C function throws nothing", e);
        }
    }
}
