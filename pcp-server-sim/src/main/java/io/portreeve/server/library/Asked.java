package io.portreeve.server.library;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;

/**
 * One request's surroundings.
 *
 * @param epoch of its subscriber
 */
record Asked(PcpContext context, EpochTime epoch, MonoTime now) {

    PcpAddress source() {
        return context.client().address();
    }
}
