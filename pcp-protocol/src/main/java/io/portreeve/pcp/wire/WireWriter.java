package io.portreeve.pcp.wire;

import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Writes one message, in network byte order. */
final class WireWriter {
    private final ByteBuffer out = ByteBuffer.allocate(PcpMessage.MAX_SIZE);

    WireWriter u8(int value) {
        out.put((byte) value);
        return this;
    }

    WireWriter u16(int value) {
        out.putShort((short) value);
        return this;
    }

    WireWriter u32(long value) {
        out.putInt((int) value);
        return this;
    }

    WireWriter zeros(int n) {
        for (int i = 0; i < n; i++) {
            out.put((byte) 0);
        }
        return this;
    }

    WireWriter address(PcpAddress address) {
        out.putLong(address.high()).putLong(address.low());
        return this;
    }

    WireWriter nonce(MappingNonce nonce) {
        out.putInt(nonce.high()).putInt(nonce.middle()).putInt(nonce.low());
        return this;
    }

    WireWriter octets(byte[] octets) {
        out.put(octets);
        return this;
    }

    byte[] toOctets() {
        return Arrays.copyOf(out.array(), out.position());
    }
}
