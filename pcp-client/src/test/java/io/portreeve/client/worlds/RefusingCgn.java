package io.portreeve.client.worlds;

import io.portreeve.server.cgn.Cgn;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.CgnException;
import io.portreeve.server.cgn.MockCgn;
import io.portreeve.worlds.Chance;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Stands before a CGN and refuses some of what could be done. */
final class RefusingCgn {
    private static final Set<String> REFUSABLE = Set.of("getSubscriber", "createSubscriber", "createPcpMapping");
    private static final List<CgnError> REFUSALS =
            List.of(CgnError.NO_RESOURCES, CgnError.COLLISION, CgnError.INTERNAL, CgnError.NOT_AUTHORIZED);

    private final MockCgn cgn;
    private final Chance chance;
    private final Runnable step;
    private double share;

    /** @param step called before everything that is done to the CGN */
    RefusingCgn(MockCgn cgn, Chance chance, Runnable step) {
        this.cgn = cgn;
        this.chance = chance;
        this.step = step;
    }

    /** @param share of the calls that are refused from now on, 0..1 */
    void refuse(double share) {
        this.share = share;
    }

    Cgn asCgn() {
        return (Cgn) Proxy.newProxyInstance(
                Cgn.class.getClassLoader(),
                new Class<?>[] {Cgn.class},
                (_, routine, arguments) -> call(routine, arguments));
    }

    private Object call(Method routine, Object[] arguments) throws Throwable {
        step.run();
        if (REFUSABLE.contains(routine.getName()) && chance.happens(share)) {
            return CompletableFuture.failedFuture(new CgnException(chance.oneOf(REFUSALS)));
        }
        try {
            return routine.invoke(cgn, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
