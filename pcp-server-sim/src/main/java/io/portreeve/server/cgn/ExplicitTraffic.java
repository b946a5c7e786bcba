package io.portreeve.server.cgn;

import java.util.HashMap;
import java.util.Map;

/** Whom the hosts of explicit mappings have sent something through them. One thread at a time. */
final class ExplicitTraffic {
    private final Map<InternalTuple, Flows> byInternal = new HashMap<>();

    /** {@return what goes through the mapping of {@code inside}, which must exist} */
    Flows of(InternalTuple inside) {
        return byInternal.computeIfAbsent(inside, _ -> new Flows(inside.protocol()));
    }

    /** The mapping of {@code inside} has gone. */
    void forget(InternalTuple inside) {
        byInternal.remove(inside);
    }
}
