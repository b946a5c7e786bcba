package io.portreeve.pcp.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Writes a capture file: UDP over IPv4 on loopback, without link headers and checksums. */
final class Pcap {
    private static final int MAGIC = 0xA1B2C3D4;
    private static final int LINKTYPE_RAW = 101;
    private static final int LOOPBACK = 0x7F000001;

    private Pcap() {}

    static byte[] of(List<Vectors.Vector> datagrams) {
        var out = ByteBuffer.allocate(24 + datagrams.size() * 2048);
        out.putInt(MAGIC)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65_535)
                .putInt(LINKTYPE_RAW);
        datagrams.forEach(datagram -> packet(datagram, out));
        return Arrays.copyOf(out.array(), out.position());
    }

    private static void packet(Vectors.Vector datagram, ByteBuffer out) {
        var payload = datagram.octets();
        int udp = 8 + payload.length;
        int ip = 20 + udp;
        out.putLong(0).putInt(ip).putInt(ip);
        out.putInt(0x45 << 24 | ip)
                .putInt(0)
                .putInt(64 << 24 | 17 << 16)
                .putInt(LOOPBACK)
                .putInt(LOOPBACK);
        out.putShort((short) datagram.from()).putShort((short) datagram.to());
        out.putShort((short) udp).putShort((short) 0).put(payload);
    }
}
