package io.portreeve.igd.iwf;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows that may differ from the table, because they could not be written: they are written again until they can be. */
final class Unsaved {
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final PortMappingTable table;
    private final Changes changes;
    private final Outbox out;
    private final Map<Long, PortMappingKey> beingWritten = new HashMap<>();
    private final Set<PortMappingKey> keys = new LinkedHashSet<>();
    private MonoTime due = MonoTime.NEVER;

    Unsaved(PortMappingTable table, Changes changes, Outbox out) {
        this.table = table;
        this.changes = changes;
        this.out = out;
    }

    MonoTime nextDue() {
        return due;
    }

    /** Takes note of what is to be written. */
    void note(List<IwfEffect> effects) {
        for (var effect : effects) {
            switch (effect) {
                case IwfEffect.Save(long id, var mapping) -> beingWritten.put(id, mapping.key());
                case IwfEffect.Erase(long id, var key) -> beingWritten.put(id, key);
                default -> {}
            }
        }
    }

    void saved(long id, boolean saved, MonoTime now) {
        var key = beingWritten.remove(id);
        if (saved) {
            keys.remove(key);
        } else {
            keys.add(key);
            due = due.earlier(now.plus(AGAIN));
        }
    }

    /** Has what can be written again be written as the table has it; what is changing is written by the change. */
    void retry(MonoTime now) {
        if (now.isBefore(due)) {
            return;
        }
        due = MonoTime.NEVER;
        for (var key : keys) {
            if (changes.isFree(key)) {
                out.add(row(key));
            } else {
                due = now.plus(AGAIN);
            }
        }
    }

    private IwfEffect row(PortMappingKey key) {
        long id = out.nextId();
        return table.get(key)
                .<IwfEffect>map(mapping -> new IwfEffect.Save(id, mapping))
                .orElseGet(() -> new IwfEffect.Erase(id, key));
    }
}
