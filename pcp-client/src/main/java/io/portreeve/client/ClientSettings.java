package io.portreeve.client;

import io.portreeve.pcp.PcpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a client needs to know.
 *
 * @param servers all of them are asked; if there is none, the default routers are
 * @param wellKnown asked after the default routers; none if empty
 * @param store the file mappings and their nonces are kept in
 * @param serviceWait what an earlier run had is asked for again when a random part of this is over; 0 for at once
 * @param claims if servers are asked what they have (GET/NEXT, after draft-boucadair-pcp-failure section 4): how long after a
 *     start applications have to want again what a server still has and the store does not, before it is deleted; 0 or more.
 *     Empty if servers are not asked
 */
public record ClientSettings(
        List<PcpServer> servers,
        List<PcpAddress> wellKnown,
        Path store,
        Duration serviceWait,
        Optional<Duration> claims) {

    public ClientSettings {
        servers = List.copyOf(servers);
        wellKnown = List.copyOf(wellKnown);
    }

    /** One server. @param port 1..65535; the standard one is 5351 */
    public ClientSettings(PcpAddress server, int port, Path store) {
        this(List.of(PcpServer.at(ServerAddress.at(server, port))), List.of(), store, Duration.ZERO, Optional.empty());
    }
}
