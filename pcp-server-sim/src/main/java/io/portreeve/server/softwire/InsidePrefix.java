package io.portreeve.server.softwire;

import io.portreeve.pcp.PcpAddress;

/**
 * The IPv4 addresses that stand for the hosts of all homes, between the end of the tunnels and the NAT; nobody else sees them.
 *
 * @param first the first of them, which no host gets
 * @param length 8..30
 */
public record InsidePrefix(PcpAddress first, int length) {
    private static final int IPV4_BITS = 32;
    private static final int IPV4_PREFIX = 96;

    public InsidePrefix {
        if (length < 8 || length > 30) {
            throw new IllegalArgumentException("inside prefix length: " + length + " (expected: 8..30)");
        }
        if (!first.isIpv4() || (first.low() & (1L << IPV4_BITS - length) - 1) != 0) {
            throw new IllegalArgumentException(
                    "inside prefix: " + first + "/" + length + " (expected: IPv4, no host bits)");
        }
    }

    public boolean contains(PcpAddress address) {
        return first.sharesPrefix(address, IPV4_PREFIX + length);
    }

    /** {@return how many hosts there may be} */
    int hosts() {
        return (1 << IPV4_BITS - length) - 2;
    }

    /** @param host 1..{@link #hosts} */
    PcpAddress at(int host) {
        return new PcpAddress(first.high(), first.low() + host);
    }

    @Override
    public String toString() {
        return first + "/" + length;
    }
}
