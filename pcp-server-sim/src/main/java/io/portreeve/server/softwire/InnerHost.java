package io.portreeve.server.softwire;

import io.portreeve.pcp.PcpAddress;
import java.util.List;

/**
 * A host of a home with a tunnel: many homes have the same private addresses.
 *
 * @param b4 the IPv6 address of the home's end of the tunnel
 * @param address IPv4, as the home has it
 */
public record InnerHost(PcpAddress b4, PcpAddress address) {
    private record Prefix(PcpAddress address, int length) {
        static Prefix of(String address, int length) {
            return new Prefix(PcpAddress.parse(address), 96 + length);
        }

        boolean contains(PcpAddress other) {
            return address.sharesPrefix(other, length);
        }
    }

    /** RFC 1918 section 3, and what B4 and AFTR may call themselves: RFC 6333 section 5.7. */
    private static final List<Prefix> PRIVATE = List.of(
            Prefix.of("192.168.0.0", 16),
            Prefix.of("10.0.0.0", 8),
            Prefix.of("172.16.0.0", 12),
            Prefix.of("192.0.0.0", 29));

    /** What the AFTR calls itself. RFC 6333 section 5.7. */
    public static final PcpAddress AFTR = PcpAddress.parse("192.0.0.1");

    /** {@return true if a home can have such a host} What else comes through a tunnel is spoofed. */
    public boolean isPlausible() {
        return !address.equals(AFTR) && PRIVATE.stream().anyMatch(prefix -> prefix.contains(address));
    }
}
