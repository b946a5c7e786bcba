package io.portreeve.server.net;

import io.portreeve.server.cgn.Endpoint;

/**
 * A datagram that came or went.
 *
 * @param local the server's end
 * @param remote the other end
 * @param octets nobody may change them
 */
public record SeenDatagram(Direction direction, Endpoint local, Endpoint remote, byte[] octets) {

    /** Seen from the server. */
    public enum Direction {
        RECEIVED,
        SENT
    }
}
