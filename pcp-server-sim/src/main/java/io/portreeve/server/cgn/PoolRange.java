package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Ports of one external address and one protocol that the CGN leaves to the PCP server.
 *
 * @param external all zeros if nothing is translated: each internal address of that family is its own external one
 * @param firstPort 1..65535
 * @param lastPort at least {@code firstPort}
 */
public record PoolRange(PcpAddress external, IpProtocol protocol, int firstPort, int lastPort) {

    /** {@return what a firewall has instead of a pool: all ports of every address, as they are} */
    public static List<PoolRange> ofFirewall() {
        return Stream.of(PcpAddress.ANY_IPV4, PcpAddress.ANY_IPV6)
                .flatMap(any -> Stream.of(IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP)
                        .map(protocol -> new PoolRange(any, protocol, 1, 65_535)))
                .toList();
    }

    public boolean isOfFirewall() {
        return external.isUnspecified();
    }

    public PoolRange {
        if (firstPort < 1 || lastPort < firstPort || lastPort > 65_535) {
            throw new IllegalArgumentException("pool ports: " + firstPort + "-" + lastPort + " (expected: 1..65535)");
        }
    }

    boolean contains(int port) {
        return firstPort <= port && port <= lastPort;
    }
}
