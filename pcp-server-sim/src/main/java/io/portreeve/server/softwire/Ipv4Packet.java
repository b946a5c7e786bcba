package io.portreeve.server.softwire;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A whole IPv4 packet in a buffer, whose addresses can be replaced where it lies. The checksums that cover an address are
 * updated, not computed anew, so that a packet damaged before stays so. Source: RFC 1624 section 3, RFC 5508 section 4.2 for
 * ICMP errors, which quote a packet of the other direction.
 */
final class Ipv4Packet {
    private static final int SHORTEST_HEADER = 20;
    private static final int LENGTH = 2;
    private static final int FRAGMENT = 6;
    private static final int FRAGMENT_OFFSET = 0x1fff;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;

    private static final int ICMP = 1;
    private static final int ICMP_HEADER = 8;
    private static final int ICMP_CHECKSUM = 2;
    private static final int TCP = 6;
    private static final int TCP_HEADER = 20;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP = 17;
    private static final int UDP_HEADER = 8;
    private static final int UDP_CHECKSUM = 6;

    private final ByteBuffer octets;
    private final int length;

    private Ipv4Packet(ByteBuffer octets, int length) {
        this.octets = octets;
        this.length = length;
    }

    /**
     * {@return the packet at the beginning of {@code octets}; empty if that is none, or not whole} What begins a TCP, UDP or
     * ICMP packet must have all of its header: whose checksum is in the next fragment cannot be translated.
     *
     * @param octets from 0 to its limit, in network order
     */
    static Optional<Ipv4Packet> in(ByteBuffer octets) {
        if (octets.limit() < SHORTEST_HEADER || octets.get(0) >> 4 != 4) {
            return Optional.empty();
        }
        var packet = new Ipv4Packet(octets, Short.toUnsignedInt(octets.getShort(LENGTH)));
        int header = packet.header(0);
        boolean isWhole = packet.length <= octets.limit()
                && header >= SHORTEST_HEADER
                && packet.length >= header + (packet.isFirst(0) ? packet.transportHeader() : 0);
        return isWhole ? Optional.of(packet) : Optional.empty();
    }

    private int header(int at) {
        return (octets.get(at) & 0xf) * 4;
    }

    /** {@return true if the transport's header is in this fragment, or it is no fragment} */
    private boolean isFirst(int at) {
        return (octets.getShort(at + FRAGMENT) & FRAGMENT_OFFSET) == 0;
    }

    private int transportHeader() {
        return switch (octets.get(PROTOCOL)) {
            case TCP -> TCP_HEADER;
            case UDP -> UDP_HEADER;
            case ICMP -> ICMP_HEADER;
            default -> 0;
        };
    }

    /** {@return how many octets it has, its header included; there may be more in the buffer} */
    int length() {
        return length;
    }

    int source() {
        return octets.getInt(SOURCE);
    }

    int destination() {
        return octets.getInt(DESTINATION);
    }

    void replaceSource(int address) {
        replace(SOURCE, DESTINATION, address);
    }

    void replaceDestination(int address) {
        replace(DESTINATION, SOURCE, address);
    }

    /** @param quoted where a packet that is quoted in an error has the same address */
    private void replace(int end, int quoted, int address) {
        int old = octets.getInt(end);
        octets.putInt(end, address);
        update(CHECKSUM, old, address);
        if (!isFirst(0)) {
            return;
        }
        int transport = header(0);
        switch (octets.get(PROTOCOL)) {
            case TCP -> update(transport + TCP_CHECKSUM, old, address);
            case UDP -> updateUdp(transport + UDP_CHECKSUM, old, address);
            case ICMP -> {
                if (isError(octets.get(transport))) {
                    replaceQuoted(transport + ICMP_HEADER, quoted, old, address);
                }
            }
            default -> {} // nothing that it is known to cover the address by
        }
    }

    /** Destination unreachable, source quench, redirect, time exceeded, parameter problem. */
    private static boolean isError(byte type) {
        return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
    }

    /** Of the quoted packet there may be no more than 8 octets behind its header. The error's checksum covers them all. */
    private void replaceQuoted(int at, int end, int old, int address) {
        boolean isOurs = at + SHORTEST_HEADER <= length
                && octets.get(at) >> 4 == 4
                && header(at) >= SHORTEST_HEADER
                && octets.getInt(at + end) == old;
        if (!isOurs) {
            return;
        }
        int error = header(0) + ICMP_CHECKSUM;
        octets.putInt(at + end, address);
        update(error, old, address);
        int before = octets.getShort(at + CHECKSUM);
        update(at + CHECKSUM, old, address);
        update(error, before & 0xffff, octets.getShort(at + CHECKSUM) & 0xffff);
        if (isFirst(at)) {
            replaceInQuoted(at + header(at), octets.get(at + PROTOCOL), old, address);
        }
    }

    private void replaceInQuoted(int transport, int protocol, int old, int address) {
        int checksum = transport + (protocol == TCP ? TCP_CHECKSUM : UDP_CHECKSUM);
        if (protocol != TCP && protocol != UDP || checksum + 2 > length) {
            return;
        }
        int before = octets.getShort(checksum);
        if (protocol == TCP) {
            update(checksum, old, address);
        } else {
            updateUdp(checksum, old, address);
        }
        update(header(0) + ICMP_CHECKSUM, before & 0xffff, octets.getShort(checksum) & 0xffff);
    }

    /** Zero says that there is no checksum, and all ones is the same sum. RFC 768. */
    private void updateUdp(int at, int old, int now) {
        if (octets.getShort(at) == 0) {
            return;
        }
        update(at, old, now);
        if (octets.getShort(at) == 0) {
            octets.putShort(at, (short) 0xffff);
        }
    }

    /** {@code HC' = ~(~HC + ~m + m')}, for both halves of {@code old} and {@code now}. */
    private void update(int at, int old, int now) {
        int sum = (~octets.getShort(at) & 0xffff) + (~old >>> 16) + (~old & 0xffff) + (now >>> 16) + (now & 0xffff);
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        octets.putShort(at, (short) ~sum);
    }
}
