package io.portreeve.testing;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Moves the calling thread, and no other, to another network namespace. What it starts from then on is there, too. */
public final class NetworkNamespace {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final MethodHandle UNSHARE = function("unshare", ValueLayout.JAVA_INT);
    private static final MethodHandle OPEN = function("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle SETNS = function("setns", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT);

    private NetworkNamespace() {}

    @SuppressWarnings("restricted") // foreign functions: the tests run with --enable-native-access
    private static MethodHandle function(String name, MemoryLayout... arguments) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    /** To a new one, where not even loopback is up. */
    public static void unshare() throws IOException {
        if (call(() -> (int) UNSHARE.invokeExact(CLONE_NEWNET)) != 0) {
            throw new IOException("network namespaces need root: run the tests as root");
        }
    }

    /** @param namespace the file by which it is known */
    public static void enter(Path namespace) throws IOException {
        int entered = call(() -> {
            try (var arena = Arena.ofConfined()) {
                int file = (int) OPEN.invokeExact(arena.allocateFrom(namespace.toString()), 0);
                int result = (int) SETNS.invokeExact(file, CLONE_NEWNET);
                int _ = (int) CLOSE.invokeExact(file);
                return result;
            }
        });
        if (entered != 0) {
            throw new IOException(namespace + " cannot be entered: run the tests as root");
        }
    }

    private interface Call {
        int result() throws Throwable;
    }

    private static int call(Call call) {
        try {
            return call.result();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a C function throws nothing", e);
        }
    }
}
