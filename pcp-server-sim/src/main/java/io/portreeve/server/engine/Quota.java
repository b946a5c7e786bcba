package io.portreeve.server.engine;

import io.portreeve.server.cgn.SubscriberId;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** How many mapped ports each subscriber has, those in the making included. Source: RFC 6887 section 17.2, RFC 6888 REQ-4. */
final class Quota {
    private final int usual;
    private int limit;
    private final Map<SubscriberId, Integer> taken = new HashMap<>();

    Quota(int usual) {
        this.usual = usual;
        limit = usual;
    }

    /** From now on; those who have more keep what they have. */
    void limit(OptionalInt other) {
        limit = other.orElse(usual);
    }

    /** {@return how many more there may be} */
    int left(SubscriberId subscriber) {
        return Math.max(0, limit - taken.getOrDefault(subscriber, 0));
    }

    /** Counts ports, whatever the limit is: those that exist already are not taken away when it is lowered. */
    void take(SubscriberId subscriber, int ports) {
        taken.merge(subscriber, ports, Integer::sum);
    }

    void giveBack(SubscriberId subscriber, int ports) {
        taken.computeIfPresent(subscriber, (_, count) -> count == ports ? null : count - ports);
    }
}
