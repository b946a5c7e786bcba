package io.portreeve.server.worlds;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.HeldPort;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.PeerRow;

/** What a server's file holds. Times are of one boot; the wall's, in milliseconds, are for after another. */
public sealed interface Cell {
    record Epoch(String bootId, long zeroNanos) implements Cell {}

    record OwnEpoch(SubscriberId subscriber, String bootId, long zeroNanos) implements Cell {}

    record Subscriber(PcpAddress external) implements Cell {}

    record Mapping(MappingRow row, String bootId, long expiresWall) implements Cell {}

    record Held(HeldPort port, String bootId, long untilWall) implements Cell {}

    record Peer(PeerRow row, String bootId, long expiresWall) implements Cell {}
}
