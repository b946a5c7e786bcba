package io.portreeve.client;

import io.portreeve.pcp.PcpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a client needs to know.
 *
 * @param server the PCP server's address
 * @param port the PCP server's port, 1..65535; the standard one is 5351
 * @param store the file mappings and their nonces are kept in
 * @param serviceWait what an earlier run had is asked for again when a random part of this is over; 0 for at once
 * @param claims see {@link io.portreeve.client.engine.ClientPolicy}
 */
public record ClientSettings(PcpAddress server, int port, Path store, Duration serviceWait, Optional<Duration> claims) {

    public ClientSettings(PcpAddress server, int port, Path store) {
        this(server, port, store, Duration.ZERO, Optional.empty());
    }
}
