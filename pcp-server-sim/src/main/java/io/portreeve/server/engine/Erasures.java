package io.portreeve.server.engine;

import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.SubscriberId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Rows of things that are gone, but could not be erased: a restart would bring them back, so it is tried again. So would it an
 * epoch that is over.
 */
final class Erasures {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Map<MappingKey, Unsaved.Gone> mappings = new LinkedHashMap<>();
    private final Set<SubscriberKey> subscribers = new LinkedHashSet<>();
    private boolean epochs;
    private MonoTime due = MonoTime.NEVER;

    void owe(Unsaved.Gone mapping, MonoTime now) {
        mappings.put(mapping.key(), mapping);
        due = now.plus(PAUSE);
    }

    void owe(SubscriberKey subscriber, MonoTime now) {
        subscribers.add(subscriber);
        due = now.plus(PAUSE);
    }

    /** An epoch that went on after a restart would hide what is gone. */
    void oweEpochs(MonoTime now) {
        epochs = true;
        due = now.plus(PAUSE);
    }

    boolean owes(MappingKey port) {
        return subscribers.contains(port.owner()) || mappings.values().stream().anyMatch(gone -> gone.has(port));
    }

    boolean owesAny(SubscriberId subscriber, Predicate<MappingKey> which) {
        return subscribers.stream().anyMatch(it -> it.subscriber().equals(subscriber))
                || mappings.keySet().stream().anyMatch(which);
    }

    MonoTime due() {
        return due;
    }

    /** {@return all mappings owed, in the order they were owed, which are owed no longer} */
    List<Unsaved.Gone> takeMappings() {
        due = MonoTime.NEVER;
        var taken = List.copyOf(mappings.values());
        mappings.clear();
        return taken;
    }

    /** {@return the mappings owed that have a port of {@code made}}, but another row, which are owed no longer. */
    List<Unsaved.Gone> takeBeside(Mapping made) {
        var taken = mappings.values().stream()
                .filter(gone -> !gone.key().equals(made.key()))
                .filter(gone -> made.keys().stream().anyMatch(gone::has))
                .toList();
        taken.forEach(gone -> mappings.remove(gone.key()));
        return taken;
    }

    /** {@return true if the epochs are owed}, which are owed no longer. */
    boolean takeEpochs() {
        due = MonoTime.NEVER;
        boolean taken = epochs;
        epochs = false;
        return taken;
    }

    /** {@return all subscribers owed, who are owed no longer} */
    List<SubscriberKey> takeSubscribers() {
        due = MonoTime.NEVER;
        var taken = List.copyOf(subscribers);
        subscribers.clear();
        return taken;
    }
}
