package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpMessage;
import java.util.List;

/** The ports that PCP has itself, where servers and clients listen: on the outside they lead to nobody. RFC 6887 section 11.3. */
public final class PcpPorts {
    private static final List<Integer> OF_UDP = List.of(PcpMessage.CLIENT_PORT, PcpMessage.SERVER_PORT);

    private PcpPorts() {}

    /** {@return those that a mapping of {@code protocol} cannot have outside} */
    public static List<Integer> of(IpProtocol protocol) {
        return protocol.equals(IpProtocol.UDP) ? OF_UDP : List.of();
    }

    /** {@return true if {@code port} is one of them} */
    public static boolean include(IpProtocol protocol, int port) {
        return of(protocol).contains(port);
    }
}
