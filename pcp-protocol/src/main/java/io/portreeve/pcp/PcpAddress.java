package io.portreeve.pcp;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * An address as PCP writes it: 128 bits, IPv4 as IPv4-mapped IPv6.
 *
 * <p>{@code ::} (any IPv6) and {@code ::ffff:0.0.0.0} (any IPv4) are different values and select the external family;
 * {@link InetAddress} cannot keep them apart from each other's family, so it stays at the edge. Source: RFC 6887 section 5.
 */
public record PcpAddress(long high, long low) implements Comparable<PcpAddress> {
    private static final long MAPPED_PREFIX = 0xFFFFL;

    /** 2^64 divided by the golden ratio, and by the square root of two: odd, and no small multiples of each other. */
    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;

    private static final long HIGH_FACTOR = 0xB504_F333_F9DE_6485L;

    /** What RFC 4291 allows and {@link InetAddress#ofLiteral} does not insist on: short groups, no leading zeros in a quad. */
    private static final Pattern IPV6 = Pattern.compile(
            "(?:[0-9A-Fa-f]{0,4}:){2,8}" + "(?:[0-9A-Fa-f]{0,4}|(?:(?:0|[1-9]\\d{0,2})\\.){3}(?:0|[1-9]\\d{0,2}))");

    private static final PcpAddress LINK_LOCAL = new PcpAddress(0xFE80_0000_0000_0000L, 0);
    private static final int LINK_LOCAL_PREFIX = 10;

    public static final PcpAddress ANY_IPV6 = new PcpAddress(0, 0);
    public static final PcpAddress ANY_IPV4 = ofIpv4(0);

    /** {@return the IPv4 address whose 32 bits are {@code bits}} */
    public static PcpAddress ofIpv4(int bits) {
        return new PcpAddress(0, MAPPED_PREFIX << 32 | Integer.toUnsignedLong(bits));
    }

    public static PcpAddress of(InetAddress address) {
        var octets = ByteBuffer.wrap(address.getAddress());
        return octets.remaining() == 4 ? ofIpv4(octets.getInt()) : new PcpAddress(octets.getLong(), octets.getLong());
    }

    /**
     * {@return the address that {@code text} writes: a dotted quad without leading zeros, or RFC 4291 text}
     *
     * <p>Never asks a name server.
     *
     * @throws IllegalArgumentException if {@code text} is anything else, a host name or a scoped address included
     */
    public static PcpAddress parse(String text) {
        return text.indexOf(':') >= 0 ? parseIpv6(text) : ofIpv4(parseIpv4(text));
    }

    private static PcpAddress parseIpv6(String text) {
        if (!IPV6.matcher(text).matches()) {
            throw notAnAddress(text);
        }
        try {
            return of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            throw notAnAddress(text);
        }
    }

    private static int parseIpv4(String text) {
        var parts = text.split("\\.", -1);
        if (parts.length != 4) {
            throw notAnAddress(text);
        }
        int bits = 0;
        for (var part : parts) {
            bits = bits << 8 | octet(part, text);
        }
        return bits;
    }

    private static int octet(String part, String text) {
        if (part.isEmpty() || part.length() > 3 || part.length() > 1 && part.charAt(0) == '0') {
            throw notAnAddress(text);
        }
        int value = 0;
        for (int i = 0; i < part.length(); i++) {
            int digit = part.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw notAnAddress(text);
            }
            value = value * 10 + digit;
        }
        if (value > 255) {
            throw notAnAddress(text);
        }
        return value;
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException("'" + text + "' is not an IP address");
    }

    public boolean isIpv4() {
        return high == 0 && low >>> 32 == MAPPED_PREFIX;
    }

    /** {@return true for the all-zeros address of either family} */
    public boolean isUnspecified() {
        return equals(ANY_IPV4) || equals(ANY_IPV6);
    }

    /** {@return true for 127.0.0.0/8 and ::1} */
    public boolean isLoopback() {
        return isIpv4() ? (low >>> 24 & 0xFF) == 127 : high == 0 && low == 1;
    }

    /** {@return true for 224.0.0.0/4, ff00::/8, and the address of all hosts of an IPv4 network} */
    public boolean isForMany() {
        return isIpv4() ? (low >>> 28 & 0xF) == 14 || (int) low == -1 : high >>> 56 == 0xFF;
    }

    /** {@return true for fe80::/10} Every link has that prefix, so it says nothing about which link a host is on. */
    public boolean isIpv6LinkLocal() {
        return sharesPrefix(LINK_LOCAL, LINK_LOCAL_PREFIX);
    }

    /** {@return the all-zeros address of this address's family} It says "no preference" in a request. */
    public PcpAddress anyOfFamily() {
        return isIpv4() ? ANY_IPV4 : ANY_IPV6;
    }

    /** {@return true if the first {@code prefixLength} of the 128 bits are those of {@code other}} IPv4 counts from 96. */
    public boolean sharesPrefix(PcpAddress other, int prefixLength) {
        if (prefixLength <= 64) {
            return prefixLength == 0 || (high ^ other.high) >>> 64 - prefixLength == 0;
        }
        return high == other.high && (low ^ other.low) >>> 128 - prefixLength == 0;
    }

    /** {@return the first {@code length} of the 128 bits, and zeros} IPv4 counts from 96. */
    public PcpAddress prefix(int length) {
        return length <= 64 ? new PcpAddress(high & ones(length), 0) : new PcpAddress(high, low & ones(length - 64));
    }

    private static long ones(int length) {
        return length == 0 ? 0 : -1L << 64 - length;
    }

    public InetAddress toInetAddress() {
        try {
            return isIpv4()
                    ? Inet4Address.getByAddress(
                            ByteBuffer.allocate(4).putInt((int) low).array())
                    : Inet6Address.getByAddress(null, octets(), -1);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 octets are an address", e);
        }
    }

    /**
     * {@return this address on one link} IPv6 addresses for neighbours, and for many, are no others' on another link; what is
     * bound to one hears that link only. All other addresses are the same everywhere. RFC 4007 section 6.
     */
    public InetAddress toInetAddress(int interfaceIndex) {
        if (isIpv4() || !isIpv6LinkLocal() && !isForMany()) {
            return toInetAddress();
        }
        try {
            return Inet6Address.getByAddress(null, octets(), interfaceIndex);
        } catch (UnknownHostException e) {
            throw new AssertionError("16 octets are an address", e);
        }
    }

    private byte[] octets() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    /** As a record's own, which takes longer until the compiler has seen it often: nothing is compared more than addresses. */
    @Override
    public boolean equals(Object other) {
        return other instanceof PcpAddress(long itsHigh, long itsLow) && low == itsLow && high == itsHigh;
    }

    /**
     * Mixes the bits: a record's own hash adds up those of its parts, and neighbours with ports in a row would all meet in the
     * same places of a table.
     */
    @Override
    public int hashCode() {
        return (int) ((high * HIGH_FACTOR + low) * FACTOR >>> 32);
    }

    /** By the 128 bits as a number without sign. */
    @Override
    public int compareTo(PcpAddress other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** {@return the address as URLs and Host headers write it: IPv6 in brackets} RFC 3986 section 3.2.2. */
    public String toUrlHost() {
        return isIpv4() ? toString() : "[" + this + "]";
    }

    /** {@return a dotted quad, or IPv6 text} */
    @Override
    public String toString() {
        if (isIpv4()) {
            return (low >>> 24 & 0xFF) + "." + (low >>> 16 & 0xFF) + "." + (low >>> 8 & 0xFF) + "." + (low & 0xFF);
        }
        return equals(ANY_IPV6) ? "::" : toInetAddress().getHostAddress();
    }
}
