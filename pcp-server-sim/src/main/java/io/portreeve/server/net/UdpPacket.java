package io.portreeve.server.net;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import java.nio.ByteBuffer;

/**
 * UDP datagrams with the header of the IP packet that carries them. What is not asked for is what is usual: no options, no
 * fragments. Source: RFC 791 section 3.1, RFC 8200 section 3, RFC 768.
 */
public final class UdpPacket {
    static final int IPV4_HEADER = 20;
    static final int UDP_HEADER = 8;
    static final int DO_NOT_FRAGMENT = 0x4000;

    private static final int IPV6_HEADER = 40;
    private static final byte HOPS = 64;
    private static final byte HOPS_TO_MANY = 1;

    private UdpPacket() {}

    /** {@return the packet, in the family of {@code target}, which is that of {@code source}} */
    public static byte[] of(Endpoint source, Endpoint target, byte[] payload) {
        boolean isIpv4 = target.address().isIpv4();
        int udpLength = UDP_HEADER + payload.length;
        var packet = ByteBuffer.allocate((isIpv4 ? IPV4_HEADER : IPV6_HEADER) + udpLength);
        if (isIpv4) {
            putIpv4(source.address(), target.address(), packet);
        } else {
            putIpv6(udpLength, source.address(), target.address(), packet);
        }
        putUdp(source, target, payload, packet.slice());
        return packet.array();
    }

    private static void putIpv4(PcpAddress source, PcpAddress target, ByteBuffer packet) {
        packet.put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) packet.capacity())
                .putShort((short) 0)
                .putShort((short) DO_NOT_FRAGMENT)
                .put(hops(target))
                .put((byte) IpProtocol.UDP.number())
                .putShort((short) 0)
                .put(source.toInetAddress().getAddress())
                .put(target.toInetAddress().getAddress());
        packet.putShort(10, (short) InternetChecksum.of(packet.slice(0, IPV4_HEADER)));
    }

    private static void putIpv6(int payloadLength, PcpAddress source, PcpAddress target, ByteBuffer packet) {
        packet.putInt(0x60000000)
                .putShort((short) payloadLength)
                .put((byte) IpProtocol.UDP.number())
                .put(hops(target))
                .put(source.toInetAddress().getAddress())
                .put(target.toInetAddress().getAddress());
    }

    private static byte hops(PcpAddress target) {
        return target.isForMany() ? HOPS_TO_MANY : HOPS;
    }

    private static void putUdp(Endpoint source, Endpoint target, byte[] payload, ByteBuffer udp) {
        udp.putShort((short) source.port())
                .putShort((short) target.port())
                .putShort((short) udp.capacity())
                .putShort((short) 0)
                .put(payload);
        int checksum = InternetChecksum.ofUdp(source.address(), target.address(), udp);
        udp.putShort(6, (short) (checksum == 0 ? 0xFFFF : checksum)); // 0 says that there is none
    }
}
