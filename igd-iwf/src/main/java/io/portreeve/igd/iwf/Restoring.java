package io.portreeve.igd.iwf;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The entries that PCP is asked for again, because it may hold nothing for them: after a start, or a deletion that failed. */
final class Restoring {
    private final Outbox out;
    private final Map<Long, PortMappingKey> asked = new HashMap<>();

    Restoring(Outbox out) {
        this.out = out;
    }

    void ask(PortMapping mapping) {
        long id = out.nextId();
        asked.put(id, mapping.key());
        out.add(new IwfEffect.AskPcp(id, mapping.pcpRequest()));
    }

    /** {@return the entry that request {@code id} was for, once} */
    Optional<PortMappingKey> answered(long id) {
        return Optional.ofNullable(asked.remove(id));
    }
}
