package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.worlds.Station;
import java.time.Duration;
import java.util.List;

/**
 * What the server is told to keep to.
 *
 * @param quota mapped ports of one subscriber at most
 * @param firstPort of those that the server gives away, on each external address and for each protocol
 * @param ports how many those are
 * @param largestSet ports of one mapping at most
 * @param tcpDelay how long a TCP port is held back when its mapping has ended
 * @param otherDelay the same for all other protocols
 * @param remotes who may try to get in
 */
public record Rules(
        int quota,
        int firstPort,
        int ports,
        int largestSet,
        Duration tcpDelay,
        Duration otherDelay,
        List<Station> remotes) {

    Duration delay(IpProtocol protocol) {
        return protocol.equals(IpProtocol.TCP) ? tcpDelay : otherDelay;
    }

    /** {@return true if the server, not the CGN, gives this port away} */
    boolean isOfPool(Station external) {
        return external.port() >= firstPort && external.port() < firstPort + ports;
    }
}
