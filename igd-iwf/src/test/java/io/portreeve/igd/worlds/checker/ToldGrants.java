package io.portreeve.igd.worlds.checker;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingView;
import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the client has told the interworking that it has, and the interworking still wants. */
final class ToldGrants {
    private final Map<Long, MappingKey> questions = new HashMap<>();
    private final Set<MappingKey> wanted = new HashSet<>();
    private final Map<MappingKey, MonoTime> granted = new HashMap<>();

    void starts(Collection<MappingView> kept, MonoTime now) {
        questions.clear();
        wanted.clear();
        granted.clear();
        for (var view : kept) {
            wanted.add(view.key());
            if (view.left().isPositive()) {
                granted.put(view.key(), now);
            }
        }
    }

    void asks(long id, MappingKey key) {
        questions.put(id, key);
        wanted.add(key);
    }

    void releases(long id, MappingKey key) {
        questions.put(id, key);
        wanted.remove(key);
        granted.remove(key);
    }

    /** {@return what request {@code id} was about} */
    Optional<MappingKey> answered(long id, MappingOutcome outcome, MonoTime now) {
        var key = Optional.ofNullable(questions.remove(id));
        if (outcome instanceof MappingOutcome.Granted) {
            key.filter(wanted::contains).ifPresent(it -> granted.putIfAbsent(it, now));
        }
        return key;
    }

    void told(MappingEvent event, MonoTime now) {
        switch (event) {
            case MappingEvent.Granted(var key, var _) when wanted.contains(key) -> granted.putIfAbsent(key, now);
            case MappingEvent.Granted _ -> {} // it was released meanwhile
            case MappingEvent.Lost(var key) -> granted.remove(key);
        }
    }

    /** {@return true if {@code inside} is granted} */
    boolean has(MappingKey inside) {
        return granted.containsKey(inside);
    }

    /** {@return true if something has been granted for {@code time}} */
    boolean hasHadSomethingFor(Duration time, MonoTime now) {
        return granted.values().stream().anyMatch(since -> since.plus(time).isBefore(now));
    }
}
