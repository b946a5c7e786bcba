package io.portreeve.igd.daemon;

import io.portreeve.pcp.PcpAddress;
import java.util.List;

/** Which IPv4 addresses are reached from the whole Internet. Source: IANA's IPv4 special-purpose address registry, RFC 6890. */
final class PublicAddress {
    private static final int IPV4_BITS_BEGIN = 96;

    private record Block(PcpAddress first, int length) {
        static Block of(String text) {
            var parts = text.split("/");
            return new Block(PcpAddress.parse(parts[0]), Integer.parseInt(parts[1]));
        }

        boolean has(PcpAddress address) {
            return address.sharesPrefix(first, IPV4_BITS_BEGIN + length);
        }
    }

    private static final List<Block> NOT_PUBLIC = List.of(
                    "0.0.0.0/8", // this network
                    "10.0.0.0/8", // private
                    "100.64.0.0/10", // behind a CGN
                    "127.0.0.0/8", // loopback
                    "169.254.0.0/16", // link-local
                    "172.16.0.0/12", // private
                    "192.0.0.0/24", // protocols: DS-Lite's own among them
                    "192.0.2.0/24", // documentation
                    "192.88.99.0/24", // 6to4 relays of the past
                    "192.168.0.0/16", // private
                    "198.18.0.0/15", // benchmarks
                    "198.51.100.0/24", // documentation
                    "203.0.113.0/24", // documentation
                    "224.0.0.0/4", // multicast
                    "240.0.0.0/4") // reserved, and broadcast
            .stream()
            .map(Block::of)
            .toList();

    private PublicAddress() {}

    static boolean isPublic(PcpAddress address) {
        return address.isIpv4() && NOT_PUBLIC.stream().noneMatch(block -> block.has(address));
    }
}
