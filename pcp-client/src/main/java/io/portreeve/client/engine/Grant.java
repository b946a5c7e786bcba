package io.portreeve.client.engine;

import io.portreeve.client.Endpoint;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import java.time.Duration;

/**
 * What the server granted, and when.
 *
 * @param lifetime as assigned, cut to a day
 * @param at when the answer came
 * @param lastSent when the request was sent; renewals keep their distance from it
 */
public record Grant(Endpoint external, Duration lifetime, MonoTime at, MonoTime lastSent) {

    public MonoTime expiry() {
        return at.plus(lifetime);
    }

    Grant atMost(Lifetime longest) {
        return longest.seconds() < lifetime.toSeconds()
                ? new Grant(external, Duration.ofSeconds(longest.seconds()), at, lastSent)
                : this;
    }

    boolean isOver(MonoTime now) {
        return !now.isBefore(expiry());
    }
}
