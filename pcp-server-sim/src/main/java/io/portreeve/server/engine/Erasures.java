package io.portreeve.server.engine;

import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.SubscriberId;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Rows of things that are gone, but could not be erased: a restart would bring them back, so it is tried again. */
final class Erasures {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Set<MappingKey> keys = new LinkedHashSet<>();
    private final Set<SubscriberId> subscribers = new LinkedHashSet<>();
    private MonoTime due = MonoTime.NEVER;

    void owe(MappingKey key, MonoTime now) {
        keys.add(key);
        due = now.plus(PAUSE);
    }

    void owe(SubscriberId subscriber, MonoTime now) {
        subscribers.add(subscriber);
        due = now.plus(PAUSE);
    }

    MonoTime due() {
        return due;
    }

    /** {@return all keys owed, in the order they were owed, which are owed no longer} */
    List<MappingKey> takeKeys() {
        due = MonoTime.NEVER;
        var taken = List.copyOf(keys);
        keys.clear();
        return taken;
    }

    /** {@return all subscribers owed, who are owed no longer} */
    List<SubscriberId> takeSubscribers() {
        due = MonoTime.NEVER;
        var taken = List.copyOf(subscribers);
        subscribers.clear();
        return taken;
    }
}
