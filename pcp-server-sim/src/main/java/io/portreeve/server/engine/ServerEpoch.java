package io.portreeve.server.engine;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.MonoTime;

/**
 * The server's Epoch Time counts from the last loss of mapping state. Source: RFC 6887 section 8.5.
 *
 * @param zero when it was 0
 */
public record ServerEpoch(MonoTime zero) {

    public EpochTime at(MonoTime now) {
        return new EpochTime(zero.until(now).toSeconds() & 0xFFFF_FFFFL);
    }
}
