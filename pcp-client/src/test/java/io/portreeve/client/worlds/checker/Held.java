package io.portreeve.client.worlds.checker;

import io.portreeve.client.Endpoint;
import io.portreeve.pcp.MonoTime;
import java.time.Duration;

/** What the client may rely on from {@code at} on for {@code lifetime}. */
record Held(Endpoint external, MonoTime at, Duration lifetime) {
    MonoTime expiry() {
        return at.plus(lifetime);
    }
}
