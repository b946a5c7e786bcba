package io.portreeve.igd.gena;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where one subscription stands.
 *
 * <p>A change is not queued but owed: the next event tells the value there is then. So a slow subscriber costs no memory, misses
 * no last value, and an event that was lost is made up for by the next one.
 */
final class Subscription {
    static final Duration LIFETIME = Duration.ofSeconds(1800);

    /** Between two events: an address that flaps must not keep subscribers busy. */
    static final Duration SPACING = Duration.ofMillis(200);

    static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);
    static final int MAX_FAILURES = 3;

    private final String sid;
    private final String path;
    private final ScopedAddress from;
    private final CallbackUrl callback;
    private final Set<String> owed = new TreeSet<>();
    private MonoTime expires;
    private MonoTime due = MonoTime.NEVER;
    private MonoTime earliest = MonoTime.START;
    private Optional<Set<String>> underWay = Optional.empty();
    private long nextKey;
    private int failures;
    private boolean begun;
    private boolean ended;

    Subscription(String sid, String path, ScopedAddress from, CallbackUrl callback, MonoTime now) {
        this.sid = sid;
        this.path = path;
        this.from = from;
        this.callback = callback;
        expires = now.plus(LIFETIME);
    }

    PcpAddress subscriber() {
        return callback.address();
    }

    String path() {
        return path;
    }

    boolean tellsOf(String eventPath) {
        return path.equals(eventPath) && !ended;
    }

    /** {@return true if it can be removed} One that is under way holds its place: else whoever comes and goes would have many. */
    boolean isOver() {
        return ended && underWay.isEmpty();
    }

    MonoTime nextDue() {
        if (ended) {
            return MonoTime.NEVER;
        }
        return underWay.isPresent() ? expires : expires.earlier(due);
    }

    /** The subscriber knows its SID; the first event tells it all. Nothing to do if it only renewed. */
    void begin(Collection<String> names, MonoTime now) {
        if (!begun) {
            begun = true;
            owe(names, now);
        }
    }

    void endIfNotBegun() {
        ended |= !begun;
    }

    void changed(Collection<String> names, MonoTime now) {
        if (begun) {
            owe(names, now);
        }
    }

    private void owe(Collection<String> names, MonoTime now) {
        owed.addAll(names);
        if (failures < MAX_FAILURES && !owed.isEmpty()) {
            due = now.later(earliest);
        }
    }

    /** Renews it; a subscriber that failed is there again, it seems. */
    void renew(MonoTime now) {
        expires = now.plus(LIFETIME);
        failures = 0;
        owe(Set.of(), now);
    }

    void end() {
        ended = true;
    }

    void endIfExpired(MonoTime now) {
        if (!expires.isAfter(now)) {
            ended = true;
        }
    }

    /** {@return the event that is to be sent now, if one is; the next one waits until this has been delivered} */
    Optional<Notification> next(SequencedMap<String, String> variables, MonoTime now) {
        if (ended || underWay.isPresent() || due.isAfter(now)) {
            return Optional.empty();
        }
        var properties = new LinkedHashMap<>(variables);
        properties.keySet().retainAll(owed);
        var notification = new Notification(sid, nextKey, from, callback, properties);
        nextKey = Notification.keyAfter(nextKey);
        underWay = Optional.of(Set.copyOf(owed));
        owed.clear();
        due = MonoTime.NEVER;
        earliest = now.plus(SPACING);
        return Optional.of(notification);
    }

    void delivered(GenaEvent.Outcome outcome, MonoTime now) {
        var told = underWay.orElseThrow();
        underWay = Optional.empty();
        switch (outcome) {
            case ACCEPTED -> failures = 0;
            case FAILED -> failed(told, now);
            case UNKNOWN_THERE -> end();
        }
    }

    private void failed(Set<String> notTold, MonoTime now) {
        failures++;
        earliest = now.plus(PAUSE_AFTER_FAILURE);
        due = MonoTime.NEVER;
        owe(notTold, now);
    }
}
