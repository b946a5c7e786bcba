package io.portreeve.server.worlds;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.Station;
import java.util.List;

/**
 * One of the mappings that the small world is about.
 *
 * @param subscriber counted from 0
 */
record Want(int number, int subscriber, IpProtocol protocol, PcpAddress internal, int port) {
    static final int SUBSCRIBERS = 3;

    /** Two subscribers have a host with this address. */
    private static final PcpAddress HOST = PcpAddress.parse("192.168.1.10");

    static final List<Want> ALL = List.of(
            new Want(0, 0, IpProtocol.TCP, address(0), 80),
            new Want(1, 0, IpProtocol.UDP, address(0), 80),
            new Want(2, 1, IpProtocol.TCP, HOST, 80),
            new Want(3, 2, IpProtocol.TCP, HOST, 80),
            new Want(4, 2, IpProtocol.UDP, address(2), 5000));

    static List<Want> of(int subscriber) {
        return ALL.stream().filter(want -> want.subscriber == subscriber).toList();
    }

    /** {@return its nonce, or that of another client of the same host} */
    MappingNonce nonce(boolean ofStranger) {
        return new MappingNonce(number + 1, ofStranger ? 1 : 0, 0);
    }

    static PcpAddress address(int subscriber) {
        return PcpAddress.ofIpv4(0x6440_0002 + subscriber);
    }

    Station client() {
        return new Station(address(subscriber), 50_000 + number);
    }
}
