package io.portreeve.igd.ssdp;

import io.portreeve.pcp.PcpAddress;

/**
 * The gateway's address on the LAN and the hosts that share its link.
 *
 * @param address of a host, of either family
 * @param prefixLength 8..30 for IPv4, 16..127 for IPv6
 */
public record LanPrefix(PcpAddress address, int prefixLength) {
    private static final int IPV4_PREFIX = 96;

    public LanPrefix {
        if (address.isUnspecified() || address.isForMany()) {
            throw new IllegalArgumentException("LAN address: " + address + " (expected: the address of a host)");
        }
        int shortest = address.isIpv4() ? 8 : 16;
        int longest = address.isIpv4() ? 30 : 127;
        if (prefixLength < shortest || prefixLength > longest) {
            throw new IllegalArgumentException(
                    "LAN prefix length: %d (expected: %d..%d)".formatted(prefixLength, shortest, longest));
        }
    }

    public boolean contains(PcpAddress host) {
        return address.isIpv4() == host.isIpv4()
                && address.sharesPrefix(host, address.isIpv4() ? IPV4_PREFIX + prefixLength : prefixLength);
    }
}
