package io.portreeve.pcp.wire;

import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import java.nio.ByteBuffer;

/** A bounds-checked cursor over one datagram, in network byte order. */
final class WireReader {
    private final ByteBuffer in;

    WireReader(ByteBuffer datagram) {
        in = datagram.slice();
    }

    int remaining() {
        return in.remaining();
    }

    int u8() {
        return Byte.toUnsignedInt(need(1).get());
    }

    int u16() {
        return Short.toUnsignedInt(need(2).getShort());
    }

    long u32() {
        return Integer.toUnsignedLong(need(4).getInt());
    }

    void skip(int n) {
        need(n).position(in.position() + n);
    }

    PcpAddress address() {
        need(16);
        return new PcpAddress(in.getLong(), in.getLong());
    }

    MappingNonce nonce() {
        need(12);
        return new MappingNonce(in.getInt(), in.getInt(), in.getInt());
    }

    byte[] octets(int n) {
        var octets = new byte[n];
        need(n).get(octets);
        return octets;
    }

    /** {@return a reader that sees only the next {@code n} octets}; this reader moves past them. */
    WireReader confined(int n) {
        var part = new WireReader(need(n).slice(in.position(), n));
        skip(n);
        return part;
    }

    private ByteBuffer need(int n) {
        if (in.remaining() < n) {
            throw new Malformed(n + " octets wanted, " + in.remaining() + " left");
        }
        return in;
    }
}
