package io.portreeve.client.worlds.checker;

import io.portreeve.client.Endpoint;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import java.time.Duration;

/** What the client may rely on from {@code at} on for {@code lifetime}. */
record Held(Endpoint external, MonoTime at, Duration lifetime) {
    /** {@return what follows from a grant that is heard {@code now}} A day is believed at most. */
    static Held of(Endpoint external, Lifetime granted, MonoTime now) {
        long seconds = Math.min(granted.seconds(), Duration.ofDays(1).toSeconds());
        return new Held(external, now, Duration.ofSeconds(seconds));
    }

    MonoTime expiry() {
        return at.plus(lifetime);
    }
}
