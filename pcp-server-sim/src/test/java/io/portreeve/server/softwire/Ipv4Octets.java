package io.portreeve.server.softwire;

import java.nio.ByteBuffer;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/** IPv4 packets octet by octet, with checksums that are computed from all that they cover. */
public final class Ipv4Octets {
    static final int TCP = 6;
    public static final int UDP = 17;
    static final int ICMP = 1;
    static final int ESP = 50;

    private Ipv4Octets() {}

    /**
     * {@return a packet}
     *
     * @param options octets of IP options, a multiple of 4
     * @param fragment flags and offset as in the header
     * @param transport what follows the header, with its checksum
     */
    static byte[] packet(int source, int destination, int protocol, int options, int fragment, byte[] transport) {
        int header = 20 + options;
        var octets = ByteBuffer.allocate(header + transport.length);
        octets.put((byte) (0x40 | header / 4)).put((byte) 0).putShort((short) octets.capacity());
        octets.putShort((short) 0x1234)
                .putShort((short) fragment)
                .put((byte) 64)
                .put((byte) protocol);
        octets.putShort((short) 0).putInt(source).putInt(destination);
        octets.put(header, transport);
        octets.putShort(10, (short) sum(octets.array(), 0, header, 0));
        return octets.array();
    }

    public static byte[] whole(int source, int destination, int protocol, byte[] transport) {
        return packet(source, destination, protocol, 0, 0, transport);
    }

    static byte[] tcp(int source, int destination, byte[] payload) {
        var octets =
                ByteBuffer.allocate(20 + payload.length).putShort((short) 8080).putShort((short) 40_000);
        octets.put(12, (byte) 0x50).put(20, payload);
        octets.putShort(16, (short) pseudoSum(source, destination, TCP, octets.array()));
        return octets.array();
    }

    static byte[] udp(int source, int destination, byte[] payload) {
        var octets = withoutSum(payload);
        int sum = pseudoSum(source, destination, UDP, octets);
        return ByteBuffer.wrap(octets)
                .putShort(6, (short) (sum == 0 ? 0xffff : sum))
                .array();
    }

    /** {@return UDP whose sender has left out the checksum} */
    static byte[] withoutSum(byte[] payload) {
        return withoutSum(3074, 40_000, payload);
    }

    public static byte[] withoutSum(int sourcePort, int destinationPort, byte[] payload) {
        var octets = ByteBuffer.allocate(8 + payload.length);
        octets.putShort((short) sourcePort).putShort((short) destinationPort);
        return octets.putShort((short) octets.capacity()).put(8, payload).array();
    }

    static byte[] icmp(int type, byte[] payload) {
        var octets = ByteBuffer.allocate(8 + payload.length).put(0, (byte) type).put(8, payload);
        return octets.putShort(2, (short) sum(octets.array(), 0, octets.capacity(), 0))
                .array();
    }

    private static int pseudoSum(int source, int destination, int protocol, byte[] transport) {
        int pseudo = (source >>> 16)
                + (source & 0xffff)
                + (destination >>> 16)
                + (destination & 0xffff)
                + protocol
                + transport.length;
        return sum(transport, 0, transport.length, pseudo);
    }

    /** RFC 1071. */
    private static int sum(byte[] octets, int from, int to, int start) {
        int[] sum = {start};
        IntConsumer add = word -> sum[0] = (sum[0] + word & 0xffff) + (sum[0] + word >>> 16);
        for (int i = from; i < to; i += 2) {
            add.accept((octets[i] & 0xff) << 8 | (i + 1 < to ? octets[i + 1] & 0xff : 0));
        }
        add.accept(0);
        return ~sum[0] & 0xffff;
    }

    static byte[] random(RandomGenerator random, int most) {
        var octets = new byte[random.nextInt(most + 1)];
        random.nextBytes(octets);
        return octets;
    }
}
