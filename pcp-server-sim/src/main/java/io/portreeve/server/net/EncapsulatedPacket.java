package io.portreeve.server.net;

import static io.portreeve.server.net.UdpPacket.DO_NOT_FRAGMENT;
import static io.portreeve.server.net.UdpPacket.IPV4_HEADER;
import static io.portreeve.server.net.UdpPacket.UDP_HEADER;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A UDP packet that a CGN has taken out of a subscriber's tunnel, or is to put into it.
 *
 * <p>On the channel it is the 16 octets of the subscriber's IPv6 address, and the IPv4 packet. Source: RFC 791 section 3.1, RFC 768.
 *
 * @param subscriber the address of the tunnel's end (the B4 of RFC 6333)
 */
record EncapsulatedPacket(SubscriberId subscriber, Endpoint source, Endpoint destination, byte[] payload) {
    private static final int ID = 16;
    private static final int MAY_BE_FRAGMENTED = 0x0000;

    /** {@return the request in {@code datagram}; empty if it is not one whole, undamaged IPv4 packet to the port of PCP} */
    static Optional<EncapsulatedPacket> request(byte[] datagram) {
        if (datagram.length < ID + IPV4_HEADER + UDP_HEADER) {
            return Optional.empty();
        }
        var octets = ByteBuffer.wrap(datagram);
        var subscriber = new PcpAddress(octets.getLong(), octets.getLong());
        var packet = octets.slice();
        return isEndOfTunnel(subscriber) && isWhole(packet)
                ? request(new SubscriberId(subscriber), packet, headerLength(packet))
                : Optional.empty();
    }

    private static boolean isEndOfTunnel(PcpAddress address) {
        return !address.isIpv4() && isHost(address);
    }

    private static boolean isHost(PcpAddress address) {
        return !address.isUnspecified() && !address.isForMany() && !address.isLoopback();
    }

    private static int headerLength(ByteBuffer packet) {
        return (packet.get(0) & 0x0F) * 4;
    }

    private static boolean isWhole(ByteBuffer packet) {
        int header = headerLength(packet);
        int fragment = u16(packet, 6);
        return packet.get(0) >> 4 == 4
                && header >= IPV4_HEADER
                && u16(packet, 2) == packet.capacity()
                && packet.capacity() >= header + UDP_HEADER
                && (fragment == MAY_BE_FRAGMENTED || fragment == DO_NOT_FRAGMENT)
                && packet.get(9) == IpProtocol.UDP.number()
                && InternetChecksum.of(packet.slice(0, header)) == 0;
    }

    private static Optional<EncapsulatedPacket> request(SubscriberId subscriber, ByteBuffer packet, int header) {
        var udp = packet.slice(header, packet.capacity() - header);
        var source = new Endpoint(PcpAddress.ofIpv4(packet.getInt(12)), u16(udp, 0));
        var destination = new Endpoint(PcpAddress.ofIpv4(packet.getInt(16)), u16(udp, 2));
        boolean isSound = u16(udp, 4) == udp.capacity()
                && (u16(udp, 6) == 0 || InternetChecksum.ofUdp(source.address(), destination.address(), udp) == 0);
        boolean canBeAnswered = isHost(source.address()) && source.port() != 0 && isHost(destination.address());
        if (!isSound || !canBeAnswered || destination.port() != PcpMessage.SERVER_PORT) {
            return Optional.empty();
        }
        var payload = Arrays.copyOfRange(udp.array(), udp.arrayOffset() + UDP_HEADER, udp.array().length);
        return Optional.of(new EncapsulatedPacket(subscriber, source, destination, payload));
    }

    private static int u16(ByteBuffer octets, int at) {
        return Short.toUnsignedInt(octets.getShort(at));
    }

    /** {@return what goes back to who sent this} */
    EncapsulatedPacket answer(byte[] answer) {
        return new EncapsulatedPacket(subscriber, destination, source, answer);
    }

    /** {@return it as it is on the channel} */
    byte[] octets() {
        var packet = UdpPacket.of(source, destination, payload);
        return ByteBuffer.allocate(ID + packet.length)
                .putLong(subscriber.address().high())
                .putLong(subscriber.address().low())
                .put(packet)
                .array();
    }
}
