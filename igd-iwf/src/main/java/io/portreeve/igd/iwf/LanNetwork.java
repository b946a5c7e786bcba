package io.portreeve.igd.iwf;

import io.portreeve.pcp.PcpAddress;

/**
 * One IPv4 network of the LAN.
 *
 * @param gateway the gateway's own address in it
 * @param prefixLength 1..30
 */
public record LanNetwork(PcpAddress gateway, int prefixLength) {
    private static final int IPV4_PREFIX = 96;

    public LanNetwork {
        if (!gateway.isIpv4() || prefixLength < 1 || prefixLength > 30) {
            throw new IllegalArgumentException(
                    "LAN network: " + gateway + "/" + prefixLength + " (expected: an IPv4 address and 1..30)");
        }
    }

    /** {@return true if {@code address} can be that of a host here: not the gateway's, the network's or that of all hosts} */
    boolean hasHost(PcpAddress address) {
        long hostBits = 0xFFFF_FFFFL >>> prefixLength;
        long host = address.low() & hostBits;
        return gateway.sharesPrefix(address, IPV4_PREFIX + prefixLength)
                && !address.equals(gateway)
                && host != 0
                && host != hostBits;
    }
}
