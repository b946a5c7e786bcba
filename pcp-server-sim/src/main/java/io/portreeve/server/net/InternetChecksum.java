package io.portreeve.server.net;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.nio.ByteBuffer;

/** The checksum of IPv4 and UDP: 0 over octets that contain the right one. Source: RFC 1071, RFC 768, RFC 8200 section 8.1. */
final class InternetChecksum {
    private InternetChecksum() {}

    static int of(ByteBuffer octets) {
        return folded(sum(octets));
    }

    /** {@return that of a UDP datagram between these addresses, of one family} */
    static int ofUdp(PcpAddress source, PcpAddress destination, ByteBuffer udp) {
        return folded(sum(source) + sum(destination) + IpProtocol.UDP.number() + udp.capacity() + sum(udp));
    }

    private static long sum(PcpAddress address) {
        return sum(ByteBuffer.wrap(address.toInetAddress().getAddress()));
    }

    private static long sum(ByteBuffer octets) {
        long sum = 0;
        for (int i = 0; i + 1 < octets.capacity(); i += 2) {
            sum += Short.toUnsignedInt(octets.getShort(i));
        }
        boolean isOdd = octets.capacity() % 2 != 0;
        return isOdd ? sum + (Byte.toUnsignedInt(octets.get(octets.capacity() - 1)) << 8) : sum;
    }

    private static int folded(long sum) {
        long folded = sum;
        while (folded > 0xFFFF) {
            folded = (folded & 0xFFFF) + (folded >>> 16);
        }
        return (int) ~folded & 0xFFFF;
    }
}
