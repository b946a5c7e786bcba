package io.portreeve.testing;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test of a class, its methods before and after included, on a thread in a network namespace of its own, where only
 * loopback is up. Threads and processes started from there are in the same namespace. Field initialisers are not.
 */
public final class OwnNetwork implements InvocationInterceptor, AfterEachCallback {
    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(OwnNetwork.class);
    private static final int CLONE_NEWNET = 0x40000000;

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        inside(invocation, context);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        inside(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        inside(invocation, context);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        inside(invocation, context);
    }

    private static void inside(Invocation<Void> invocation, ExtensionContext context) throws Throwable {
        var thread = context.getStore(STORE)
                .getOrComputeIfAbsent(context.getUniqueId(), _ -> namespace(), ExecutorService.class);
        try {
            thread.submit(() -> {
                        try {
                            return invocation.proceed();
                        } catch (Exception | Error e) {
                            throw e;
                        } catch (Throwable e) {
                            throw new AssertionError(e);
                        }
                    })
                    .get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private static ExecutorService namespace() {
        var thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("own-network").daemon().factory());
        try {
            if (!thread.submit(OwnNetwork::unshare).get()) {
                throw new AssertionError("network namespaces need root: run the tests as root");
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
        return thread;
    }

    @SuppressWarnings("restricted") // foreign functions: the tests run with --enable-native-access
    private static boolean unshare() throws Exception {
        var linker = Linker.nativeLinker();
        var unshare = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("unshare"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            if ((int) unshare.invokeExact(CLONE_NEWNET) != 0) {
                return false;
            }
        } catch (Throwable e) {
            throw new AssertionError("unshare throws nothing", e);
        }
        return new ProcessBuilder("ip", "link", "set", "lo", "up")
                        .inheritIO()
                        .start()
                        .waitFor()
                == 0;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        var thread = context.getStore(STORE).remove(context.getUniqueId(), ExecutorService.class);
        if (thread != null) {
            thread.shutdown();
        }
    }
}
