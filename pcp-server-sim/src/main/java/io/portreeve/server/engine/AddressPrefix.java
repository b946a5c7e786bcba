package io.portreeve.server.engine;

import io.portreeve.pcp.PcpAddress;

/**
 * The addresses that begin with the same bits.
 *
 * @param length of the 128 bits; IPv4 counts from 96, so that 0 is every address of both families
 */
public record AddressPrefix(PcpAddress address, int length) {
    private static final int BITS = 128;
    private static final int IPV4_BITS = 32;

    public static final AddressPrefix EVERY_ADDRESS = new AddressPrefix(PcpAddress.ANY_IPV6, 0);

    public AddressPrefix {
        if (length < 0 || length > BITS) {
            throw new IllegalArgumentException("prefix length: " + length + " (expected: 0..128)");
        }
    }

    /**
     * {@return what {@code text} writes: 100.64.0.0/10, 2001:db8::/32, or one address}
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static AddressPrefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new AddressPrefix(PcpAddress.parse(text), BITS);
        }
        var address = PcpAddress.parse(text.substring(0, slash));
        int bits = address.isIpv4() ? IPV4_BITS : BITS;
        var length = text.substring(slash + 1);
        if (!length.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(length) > bits) {
            throw new IllegalArgumentException("prefix: " + text);
        }
        return new AddressPrefix(address, BITS - bits + Integer.parseInt(length));
    }

    boolean contains(PcpAddress other) {
        return address.sharesPrefix(other, length);
    }
}
