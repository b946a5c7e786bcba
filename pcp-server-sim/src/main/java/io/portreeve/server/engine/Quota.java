package io.portreeve.server.engine;

import io.portreeve.server.cgn.SubscriberId;
import java.util.HashMap;
import java.util.Map;

/** How many mappings each subscriber has, those in the making included. Source: RFC 6887 section 17.2, RFC 6888 REQ-4. */
final class Quota {
    private final int limit;
    private final Map<SubscriberId, Integer> taken = new HashMap<>();

    Quota(int limit) {
        this.limit = limit;
    }

    /** {@return true if one more was taken} */
    boolean take(SubscriberId subscriber) {
        if (taken.getOrDefault(subscriber, 0) >= limit) {
            return false;
        }
        count(subscriber);
        return true;
    }

    /** Counts a mapping that exists already, whatever the limit is now. */
    void count(SubscriberId subscriber) {
        taken.merge(subscriber, 1, Integer::sum);
    }

    void giveBack(SubscriberId subscriber) {
        taken.computeIfPresent(subscriber, (_, count) -> count == 1 ? null : count - 1);
    }
}
