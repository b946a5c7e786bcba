package io.portreeve.server.capture;

import io.portreeve.server.net.SeenDatagram;
import io.portreeve.server.net.SeenDatagram.Direction;
import io.portreeve.server.net.UdpPacket;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoField;

/**
 * The classic capture format, with packets that begin with their IP header. That header, and UDP's, is not the one that was on the
 * line, which no program sees: addresses, ports, lengths and checksums are right, the rest is what is usual.
 *
 * <p>Source: draft-ietf-opsawg-pcap sections 4 and 5.
 */
final class Pcap {
    private static final int MICROSECONDS = 0xA1B2C3D4;
    private static final int LONGEST_PACKET = 65_535;
    private static final int LINKTYPE_RAW = 101;

    private static final int RECORD_HEADER = 16;

    private Pcap() {}

    /** {@return what a file begins with} */
    static byte[] header() {
        return ByteBuffer.allocate(24)
                .putInt(MICROSECONDS)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(LONGEST_PACKET)
                .putInt(LINKTYPE_RAW)
                .array();
    }

    /** {@return what follows in a file for one more datagram} */
    static byte[] record(Instant at, SeenDatagram seen) {
        boolean came = seen.direction() == Direction.RECEIVED;
        var source = came ? seen.remote() : seen.local();
        var target = came ? seen.local() : seen.remote();
        var packet = UdpPacket.of(source, target, seen.octets());
        return ByteBuffer.allocate(RECORD_HEADER + packet.length)
                .putInt((int) at.getEpochSecond())
                .putInt(at.get(ChronoField.MICRO_OF_SECOND))
                .putInt(packet.length)
                .putInt(packet.length)
                .put(packet)
                .array();
    }
}
