package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.worlds.Station;
import java.util.Optional;

/**
 * One port of a mapping on the disk.
 *
 * @param ports of the whole mapping
 * @param external of this port
 * @param expiry in the world's time
 */
public record DiskRow(
        Who who,
        Span ports,
        Maker maker,
        MappingNonce nonce,
        Station external,
        MonoTime expiry,
        Optional<Filter> filter,
        String description) {

    boolean isOver(MonoTime now) {
        return !expiry.isAfter(now);
    }

    boolean isFirst() {
        return who.equals(ports.first());
    }

    /** {@return true if both lead from the same port to the same host, and the same client may change them} */
    boolean isSameAs(DiskRow other) {
        return maker == other.maker && nonce.equals(other.nonce) && external.equals(other.external);
    }

    boolean admits(Station remote) {
        return filter.map(it -> (it.remotePort() == 0 || it.remotePort() == remote.port())
                        && remote.address().sharesPrefix(it.remote(), it.prefixLength()))
                .orElse(true);
    }
}
