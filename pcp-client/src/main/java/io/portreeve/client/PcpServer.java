package io.portreeve.client;

import java.util.List;

/**
 * A PCP server as the client is told of it.
 *
 * @param name what its mappings are stored under; it stays when the addresses change
 * @param addresses one or more, with ports 1..65535, in the order in which they are tried: RFC 7488 section 3
 */
public record PcpServer(String name, List<ServerAddress> addresses) {

    public PcpServer {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("server " + name + ": no address (expected: 1 or more)");
        }
        for (var address : addresses) {
            if (address.port() < 1 || address.port() > 65_535) {
                throw new IllegalArgumentException(
                        "server " + name + ": port " + address.port() + " (expected: 1..65535)");
            }
        }
    }

    /** {@return a server that is known by its one address} */
    public static PcpServer at(ServerAddress address) {
        return new PcpServer(address.toString(), List.of(address));
    }
}
