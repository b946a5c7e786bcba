package io.portreeve.server.engine;

import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.SubscriberId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Lets each client do something so many times a second, and a second's worth of it at once. Source: RFC 6887 section 8.2. */
final class RateLimit {
    /** Spoofed sources must not fill the memory; one who is forgotten may begin anew. */
    private static final int MOST_CLIENTS = 65_536;

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** What one time takes of a second; zero if there is no limit. */
    private final Duration share;

    /** For each client the moment at which it has used up nothing. */
    private final Map<SubscriberId, MonoTime> free = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SubscriberId, MonoTime> eldest) {
            return size() > MOST_CLIENTS;
        }
    };

    /** @param perSecond 0 for no limit */
    RateLimit(int perSecond) {
        share = perSecond == 0 ? Duration.ZERO : SECOND.dividedBy(perSecond);
    }

    /** {@return true if {@code client} may, and has now} */
    boolean take(SubscriberId client, MonoTime now) {
        if (share.isZero()) {
            return true;
        }
        var begin = free.getOrDefault(client, now);
        var end = (begin.isBefore(now) ? now : begin).plus(share);
        boolean may = !end.isAfter(now.plus(SECOND));
        if (may) {
            free.put(client, end);
        }
        return may;
    }
}
