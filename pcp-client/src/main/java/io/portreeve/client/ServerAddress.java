package io.portreeve.client;

import io.portreeve.pcp.PcpAddress;
import java.net.InetSocketAddress;

/**
 * Where a server can be reached.
 *
 * @param interfaceIndex the link on which a link-local IPv6 address is meant; 0 for any other
 * @param port 0..65535; none can be asked at port 0, but a datagram may come from there
 */
public record ServerAddress(PcpAddress address, int interfaceIndex, int port) {
    /** Source: RFC 6887 section 19.1. */
    public static final int STANDARD_PORT = 5351;

    public ServerAddress {
        if ((interfaceIndex != 0) != address.isIpv6LinkLocal()) {
            throw new IllegalArgumentException("interface " + interfaceIndex + " of " + address
                    + " (expected: one for a link-local IPv6 address, 0 for any other)");
        }
    }

    /** {@return the address of who can be reached through that interface} */
    public static ServerAddress on(int interfaceIndex, PcpAddress address, int port) {
        return new ServerAddress(address, address.isIpv6LinkLocal() ? interfaceIndex : 0, port);
    }

    /** @param address not a link-local one of IPv6 */
    public static ServerAddress at(PcpAddress address, int port) {
        return new ServerAddress(address, 0, port);
    }

    public InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(address.toInetAddress(interfaceIndex), port);
    }

    @Override
    public String toString() {
        return interfaceIndex == 0
                ? new Endpoint(address, port).toString()
                : "[" + address + "%" + interfaceIndex + "]:" + port;
    }
}
