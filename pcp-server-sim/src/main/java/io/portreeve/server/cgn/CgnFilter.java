package io.portreeve.server.cgn;

import io.portreeve.pcp.PcpAddress;

/**
 * Whose packets an explicit mapping lets in. All others are dropped, answers to what the host itself sent included: RFC 6887
 * section 13.3 makes no difference.
 *
 * @param prefixLength how many of the 128 bits of the address count, 1..128; for IPv4 96 and up
 * @param remote the others of its bits are zero, whatever was given, so that filters that mean the same are equal
 * @param remotePort 0..65535; 0 for any
 */
public record CgnFilter(int prefixLength, PcpAddress remote, int remotePort) {
    private static final int IPV4_PREFIX = 96;

    public CgnFilter {
        int least = remote.isIpv4() ? IPV4_PREFIX : 1;
        if (prefixLength < least || prefixLength > 128) {
            throw new IllegalArgumentException(
                    "prefix length of " + remote + ": " + prefixLength + " (expected: " + least + "..128)");
        }
        if (remotePort < 0 || remotePort > 65_535) {
            throw new IllegalArgumentException("remote port: " + remotePort + " (expected: 0..65535)");
        }
        remote = new PcpAddress(
                remote.high() & mask(prefixLength), prefixLength > 64 ? remote.low() & mask(prefixLength - 64) : 0);
    }

    private static long mask(int bits) {
        return bits >= 64 ? -1 : -1L << 64 - bits;
    }

    /** {@return true if a packet from {@code source} may come in} */
    public boolean admits(Endpoint source) {
        return source.address().sharesPrefix(remote, prefixLength) && (remotePort == 0 || remotePort == source.port());
    }
}
