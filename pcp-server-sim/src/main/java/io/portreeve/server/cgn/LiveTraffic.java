package io.portreeve.server.cgn;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;

/**
 * What a host's own packets hold open.
 *
 * @param external from where they leave; if that depends on the peer, the one that lasts longest
 * @param left how long that lasts if no packet follows, in whole seconds rounded up
 */
public record LiveTraffic(Endpoint external, Lifetime left) {

    static LiveTraffic of(Endpoint external, MonoTime until, MonoTime now) {
        return new LiveTraffic(external, Lifetime.of(now.until(until).plusNanos(999_999_999)));
    }
}
