package io.portreeve.testing;

import static org.assertj.core.api.Assertions.assertThat;

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
            thread.submit(OwnNetwork::unshare).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
        return thread;
    }

    private static Void unshare() throws Exception {
        NetworkNamespace.unshare();
        var ip = new ProcessBuilder("ip", "link", "set", "lo", "up").inheritIO().start();
        assertThat(ip.waitFor()).isZero();
        return null;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        var thread = context.getStore(STORE).remove(context.getUniqueId(), ExecutorService.class);
        if (thread != null) {
            thread.shutdown();
        }
    }
}
