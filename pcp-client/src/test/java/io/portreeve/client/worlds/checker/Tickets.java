package io.portreeve.client.worlds.checker;

import io.portreeve.client.MappingKey;
import io.portreeve.worlds.InvariantBroken;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Whoever asks is answered, and once. */
final class Tickets {
    private final Map<Long, MappingKey> waiting = new HashMap<>();

    void asked(long ticket, MappingKey key) {
        waiting.put(ticket, key);
    }

    /** {@return what was asked for} */
    MappingKey answered(long ticket) {
        var key = waiting.remove(ticket);
        if (key == null) {
            throw new InvariantBroken("ticket", ticket + " is answered a second time, or was never given");
        }
        return key;
    }

    /** {@return what somebody waits for} */
    Collection<MappingKey> waitedFor() {
        return waiting.values();
    }

    void cancelAll() {
        waiting.clear();
    }
}
