package io.portreeve.server.capture;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.net.SeenDatagram;
import io.portreeve.server.net.SeenDatagram.Direction;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoField;

/**
 * The classic capture format, with packets that begin with their IP header. That header, and UDP's, is not the one that was on the
 * line, which no program sees: addresses, ports, lengths and checksums are right, the rest is what is usual.
 *
 * <p>Source: draft-ietf-opsawg-pcap sections 4 and 5, RFC 791 section 3.1, RFC 8200 section 3, RFC 768.
 */
final class Pcap {
    private static final int MICROSECONDS = 0xA1B2C3D4;
    private static final int LONGEST_PACKET = 65_535;
    private static final int LINKTYPE_RAW = 101;

    private static final int RECORD_HEADER = 16;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int UDP_HEADER = 8;

    private static final int DO_NOT_FRAGMENT = 0x4000;
    private static final byte HOPS = 64;
    private static final byte HOPS_TO_MANY = 1;
    private static final byte UDP = 17;

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
        boolean isIpv4 = target.address().isIpv4();
        int udpLength = UDP_HEADER + seen.octets().length;
        int packetLength = (isIpv4 ? IPV4_HEADER : IPV6_HEADER) + udpLength;
        var record = ByteBuffer.allocate(RECORD_HEADER + packetLength)
                .putInt((int) at.getEpochSecond())
                .putInt(at.get(ChronoField.MICRO_OF_SECOND))
                .putInt(packetLength)
                .putInt(packetLength);
        if (isIpv4) {
            putIpv4(packetLength, source.address(), target.address(), record);
        } else {
            putIpv6(udpLength, source.address(), target.address(), record);
        }
        putUdp(source, target, seen.octets(), record);
        return record.array();
    }

    private static void putIpv4(int packetLength, PcpAddress source, PcpAddress target, ByteBuffer record) {
        int start = record.position();
        record.put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) packetLength)
                .putShort((short) 0)
                .putShort((short) DO_NOT_FRAGMENT)
                .put(hops(target))
                .put(UDP)
                .putShort((short) 0);
        put(source, record);
        put(target, record);
        record.putShort(start + 10, checksum(sum(record.slice(start, IPV4_HEADER))));
    }

    private static void putIpv6(int payloadLength, PcpAddress source, PcpAddress target, ByteBuffer record) {
        record.putInt(0x60000000).putShort((short) payloadLength).put(UDP).put(hops(target));
        put(source, record);
        put(target, record);
    }

    private static byte hops(PcpAddress target) {
        return target.isForMany() ? HOPS_TO_MANY : HOPS;
    }

    private static void put(PcpAddress address, ByteBuffer record) {
        record.put(address.toInetAddress().getAddress());
    }

    private static void putUdp(Endpoint source, Endpoint target, byte[] octets, ByteBuffer record) {
        int start = record.position();
        int length = UDP_HEADER + octets.length;
        record.putShort((short) source.port())
                .putShort((short) target.port())
                .putShort((short) length)
                .putShort((short) 0)
                .put(octets);
        long sum = UDP + length + sum(source.address()) + sum(target.address()) + sum(record.slice(start, length));
        short checksum = checksum(sum);
        record.putShort(start + 6, checksum == 0 ? (short) 0xFFFF : checksum); // zero would say that there is none
    }

    private static long sum(PcpAddress address) {
        return sum(ByteBuffer.wrap(address.toInetAddress().getAddress()));
    }

    /** {@return the sum of 16-bit words; an octet that is left over is the first of its word} */
    private static long sum(ByteBuffer octets) {
        long sum = 0;
        while (octets.remaining() >= 2) {
            sum += Short.toUnsignedInt(octets.getShort());
        }
        return octets.hasRemaining() ? sum + (Byte.toUnsignedInt(octets.get()) << 8) : sum;
    }

    /** RFC 1071. */
    private static short checksum(long sum) {
        long folded = sum;
        while (folded > 0xFFFF) {
            folded = (folded >> 16) + (folded & 0xFFFF);
        }
        return (short) ~folded;
    }
}
