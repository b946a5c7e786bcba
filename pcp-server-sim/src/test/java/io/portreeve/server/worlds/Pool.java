package io.portreeve.server.worlds;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.PoolRange;
import java.util.List;
import java.util.stream.Stream;

/** The two external addresses that a provider has in all worlds. */
public final class Pool {
    public static final PcpAddress FIRST_ADDRESS = PcpAddress.parse("203.0.114.1");
    public static final PcpAddress SECOND_ADDRESS = PcpAddress.parse("203.0.114.2");
    public static final List<PcpAddress> ADDRESSES = List.of(FIRST_ADDRESS, SECOND_ADDRESS);
    public static final int FIRST_PORT = 2000;

    private Pool() {}

    /** {@return so many ports of each address, for TCP and for UDP} */
    public static List<PoolRange> of(int ports) {
        return ADDRESSES.stream()
                .flatMap(address -> Stream.of(IpProtocol.TCP, IpProtocol.UDP)
                        .map(protocol -> new PoolRange(address, protocol, FIRST_PORT, FIRST_PORT + ports - 1)))
                .toList();
    }
}
