package io.portreeve.server.net;

import io.portreeve.server.cgn.Endpoint;
import java.util.Optional;

/**
 * A datagram that came or went.
 *
 * @param local the server's end
 * @param remote the other end
 * @param octets nobody may change them
 * @param answered the octets of the request that it answers, in the very array in which that one was seen; empty for what came, and
 *     for what nobody asked for
 */
public record SeenDatagram(
        Direction direction, Endpoint local, Endpoint remote, byte[] octets, Optional<byte[]> answered) {

    /** What came, or what nobody asked for. */
    public SeenDatagram(Direction direction, Endpoint local, Endpoint remote, byte[] octets) {
        this(direction, local, remote, octets, Optional.empty());
    }

    /** Seen from the server. */
    public enum Direction {
        RECEIVED,
        SENT
    }
}
