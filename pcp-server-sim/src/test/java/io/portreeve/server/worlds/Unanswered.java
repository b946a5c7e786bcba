package io.portreeve.server.worlds;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.worlds.Station;
import java.nio.ByteBuffer;

/**
 * A request that a server has not answered.
 *
 * @param wasRead true if it could be decoded
 */
public record Unanswered(Station from, byte[] octets, boolean wasRead) {

    /** {@return the answer that says no} */
    public byte[] refused(ResultCode result, Lifetime lifetime, EpochTime epoch) {
        var request = ByteBuffer.wrap(octets);
        return wasRead
                ? PcpEncoder.refusal(request, result, lifetime, epoch)
                : PcpEncoder.error(request, result, lifetime, epoch);
    }
}
