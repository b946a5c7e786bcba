package io.portreeve.client;

import io.portreeve.pcp.PcpAddress;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Where a server can be reached.
 *
 * @param interfaceIndex the link on which a link-local IPv6 address is meant; 0 for any other
 * @param port 0..65535; none can be asked at port 0, but a datagram may come from there
 */
public record ServerAddress(PcpAddress address, int interfaceIndex, int port) {
    /** Source: RFC 6887 section 19.1. */
    public static final int STANDARD_PORT = 5351;

    private static final PcpAddress LINK_LOCAL = PcpAddress.parse("fe80::");
    private static final int LINK_LOCAL_PREFIX = 10;

    public ServerAddress {
        if ((interfaceIndex != 0) != isLinkLocal(address)) {
            throw new IllegalArgumentException("interface " + interfaceIndex + " of " + address
                    + " (expected: one for a link-local IPv6 address, 0 for any other)");
        }
    }

    /** {@return the address of who can be reached through that interface} */
    public static ServerAddress on(int interfaceIndex, PcpAddress address, int port) {
        return new ServerAddress(address, isLinkLocal(address) ? interfaceIndex : 0, port);
    }

    /** @param address not a link-local one of IPv6 */
    public static ServerAddress at(PcpAddress address, int port) {
        return new ServerAddress(address, 0, port);
    }

    public static boolean isLinkLocal(PcpAddress address) {
        return address.sharesPrefix(LINK_LOCAL, LINK_LOCAL_PREFIX);
    }

    public InetSocketAddress toSocketAddress() {
        if (interfaceIndex == 0) {
            return new InetSocketAddress(address.toInetAddress(), port);
        }
        try {
            var octets = address.toInetAddress().getAddress();
            return new InetSocketAddress(Inet6Address.getByAddress(null, octets, interfaceIndex), port);
        } catch (UnknownHostException e) {
            throw new AssertionError("16 octets are an address", e);
        }
    }

    @Override
    public String toString() {
        return interfaceIndex == 0
                ? new Endpoint(address, port).toString()
                : "[" + address + "%" + interfaceIndex + "]:" + port;
    }
}
