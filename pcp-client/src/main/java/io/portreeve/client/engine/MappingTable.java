package io.portreeve.client.engine;

import io.portreeve.client.MappingKey;
import io.portreeve.pcp.MonoTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The mapping list and the action list, one to one: every mapping has exactly one next action, because one method writes both. The
 * end of the time that it is wanted for is due whatever else is, or is not.
 */
final class MappingTable {

    /** When something is due for a mapping; what, its state says. */
    private record Action(MonoTime due, MappingKey key) {}

    private final TreeMap<MappingKey, Mapping> mappings = new TreeMap<>(Mapping.ORDER);
    private final TreeMap<MappingKey, MonoTime> dues = new TreeMap<>(Mapping.ORDER);
    private final TreeSet<Action> actions =
            new TreeSet<>(Comparator.comparing(Action::due).thenComparing(Action::key, Mapping.ORDER));

    Optional<Mapping> get(MappingKey key) {
        return Optional.ofNullable(mappings.get(key));
    }

    Collection<Mapping> all() {
        return mappings.values();
    }

    /** Puts {@code mapping} in place of an earlier one, and its action in place of the earlier one's. */
    void put(Mapping mapping, MonoTime due) {
        remove(mapping.key());
        mappings.put(mapping.key(), mapping);
        dues.put(mapping.key(), due);
        actions.add(action(mapping, due));
    }

    /** Puts {@code mapping} in place of an earlier one, whose action it keeps. */
    void replace(Mapping mapping) {
        put(mapping, dues.get(mapping.key()));
    }

    void remove(MappingKey key) {
        var mapping = mappings.remove(key);
        var due = dues.remove(key);
        if (mapping != null) {
            actions.remove(action(mapping, due));
        }
    }

    private static Action action(Mapping mapping, MonoTime due) {
        return new Action(due.earlier(mapping.end()), mapping.key());
    }

    MonoTime nextDue() {
        return actions.isEmpty() ? MonoTime.NEVER : actions.first().due();
    }

    /** {@return the mappings whose action is due, the longest waiting first} */
    List<Mapping> due(MonoTime now) {
        var due = new ArrayList<Mapping>();
        for (var action : actions) {
            if (action.due().isAfter(now)) {
                break;
            }
            due.add(mappings.get(action.key()));
        }
        return due;
    }
}
