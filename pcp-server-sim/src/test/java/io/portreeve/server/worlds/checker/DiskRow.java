package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.worlds.Station;

/**
 * One mapping on the disk.
 *
 * @param expiry in the world's time
 */
public record DiskRow(Who who, MappingNonce nonce, Station external, MonoTime expiry) {

    boolean isOver(MonoTime now) {
        return !expiry.isAfter(now);
    }
}
