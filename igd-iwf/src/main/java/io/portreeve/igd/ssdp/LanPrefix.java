package io.portreeve.igd.ssdp;

import io.portreeve.pcp.PcpAddress;

/**
 * The gateway's address on the LAN and the hosts that share its link.
 *
 * @param address IPv4
 * @param prefixLength 8..30
 */
public record LanPrefix(PcpAddress address, int prefixLength) {
    private static final int IPV4_PREFIX = 96;

    public LanPrefix {
        if (!address.isIpv4() || address.isUnspecified()) {
            throw new IllegalArgumentException("LAN address: " + address + " (expected: an IPv4 address)");
        }
        if (prefixLength < 8 || prefixLength > 30) {
            throw new IllegalArgumentException("LAN prefix length: " + prefixLength + " (expected: 8..30)");
        }
    }

    public boolean contains(PcpAddress host) {
        return address.sharesPrefix(host, IPV4_PREFIX + prefixLength);
    }
}
