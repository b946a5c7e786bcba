package io.portreeve.client.net;

import java.util.List;

/**
 * One PCP server.
 *
 * @param addresses all its own, the first to be asked first; not empty
 */
public record KnownServer(List<ServerAddress> addresses) {

    public KnownServer {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("a PCP server without an address");
        }
    }
}
