package io.portreeve.igd.daemon;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signals of the system. The compiler warns of the only class there is for them, even where told not to: hence the reflection. */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /** Runs {@code action}, in a thread of its own, at each signal {@code name}: {@code HUP} for SIGHUP. */
    static void on(String name, Runnable action) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var running = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (_, method, arguments) -> {
                        if (method.getDeclaringClass() == Object.class) {
                            return method.invoke(action, arguments);
                        }
                        action.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), running);
        } catch (ReflectiveOperationException e) {
            LOG.warn("SIG{} cannot be heard on this Java: {}", name, e.toString());
        }
    }
}
