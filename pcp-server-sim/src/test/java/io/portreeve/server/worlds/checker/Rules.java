package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.IpProtocol;
import java.time.Duration;

/**
 * What the server is told to keep to.
 *
 * @param quota mappings of one subscriber at most
 * @param ports how many each external address has for each protocol
 * @param tcpDelay how long a TCP port is held back when its mapping has ended
 * @param otherDelay the same for all other protocols
 */
public record Rules(int quota, int ports, Duration tcpDelay, Duration otherDelay) {

    Duration delay(IpProtocol protocol) {
        return protocol.equals(IpProtocol.TCP) ? tcpDelay : otherDelay;
    }
}
