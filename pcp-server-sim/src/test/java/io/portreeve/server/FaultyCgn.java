package io.portreeve.server;

import io.portreeve.server.cgn.Cgn;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.CgnException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Stands before a CGN and refuses one of its calls, or answers it. */
final class FaultyCgn {
    /** The routines that were called, in order. */
    final List<String> calls = new ArrayList<>();

    private final Map<String, Object> answers = new HashMap<>();
    private final Cgn cgn;
    private String refused = "";
    private CgnError error = CgnError.NO_RESOURCES;
    private int callsBefore;

    FaultyCgn(Cgn cgn) {
        this.cgn = cgn;
    }

    /** The call of {@code routine} that comes after {@code callsBefore} others fails, and no other. */
    void refuse(String routine, int callsBefore) {
        refuse(routine, callsBefore, CgnError.NO_RESOURCES);
    }

    void refuse(String routine, int callsBefore, CgnError error) {
        this.refused = routine;
        this.callsBefore = callsBefore;
        this.error = error;
    }

    /** The next call of {@code routine} does not reach the CGN: this is the answer. */
    void answer(String routine, Object answer) {
        answers.put(routine, answer);
    }

    /** {@return true if a call that was to fail has not come} */
    boolean stillRefuses() {
        return !refused.isEmpty();
    }

    Cgn asCgn() {
        return (Cgn) Proxy.newProxyInstance(
                Cgn.class.getClassLoader(),
                new Class<?>[] {Cgn.class},
                (_, method, arguments) -> call(method, arguments));
    }

    private Object call(Method routine, Object[] arguments) throws Throwable {
        calls.add(routine.getName());
        if (routine.getName().equals(refused) && callsBefore-- == 0) {
            refused = "";
            return CompletableFuture.failedFuture(new CgnException(error));
        }
        var answer = answers.remove(routine.getName());
        if (answer != null) {
            return CompletableFuture.completedFuture(answer);
        }
        try {
            return routine.invoke(cgn, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
