package io.portreeve.server.engine;

import io.portreeve.pcp.Lifetime;

/**
 * What the provider allows.
 *
 * @param minimum the shortest lifetime granted (RFC 6887 section 15 recommends 120 s)
 * @param maximum the longest lifetime granted (24 h)
 * @param quota mappings of one subscriber at most
 * @param thirdParty whether subscribers may ask for the hosts behind them (RFC 6887 section 13.1)
 */
public record ServerPolicy(Lifetime minimum, Lifetime maximum, int quota, boolean thirdParty) {

    public ServerPolicy {
        if (minimum.isDelete() || minimum.seconds() > maximum.seconds()) {
            throw new IllegalArgumentException("lifetimes from " + minimum + " to " + maximum);
        }
        if (quota < 1) {
            throw new IllegalArgumentException("quota: " + quota + " (expected: at least 1)");
        }
    }

    Lifetime grant(Lifetime requested) {
        return new Lifetime(Math.clamp(requested.seconds(), minimum.seconds(), maximum.seconds()));
    }
}
