package io.portreeve.client.engine;

import io.portreeve.client.MappingOutcome;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;

/** What a server would answer, as far as it has said so before, and how long that is believed. */
record KnownRefusal(int result, MonoTime until) {

    MappingOutcome.Refused outcome(MonoTime now) {
        return new MappingOutcome.Refused(result, Lifetime.of(now.until(until)));
    }
}
