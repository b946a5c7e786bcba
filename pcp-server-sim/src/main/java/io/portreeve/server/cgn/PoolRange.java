package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;

/**
 * Ports of one external address and one protocol that the CGN leaves to the PCP server.
 *
 * @param external all zeros if nothing is translated: each internal address of that family is its own external one
 * @param firstPort 1..65535
 * @param lastPort at least {@code firstPort}
 */
public record PoolRange(PcpAddress external, IpProtocol protocol, int firstPort, int lastPort) {

    public PoolRange {
        if (firstPort < 1 || lastPort < firstPort || lastPort > 65_535) {
            throw new IllegalArgumentException("pool ports: " + firstPort + "-" + lastPort + " (expected: 1..65535)");
        }
    }

    boolean contains(int port) {
        return firstPort <= port && port <= lastPort;
    }
}
