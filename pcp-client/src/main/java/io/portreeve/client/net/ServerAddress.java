package io.portreeve.client.net;

import io.portreeve.pcp.PcpAddress;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Where a server can be reached.
 *
 * @param interfaceIndex the link on which a link-local IPv6 address is meant; 0 for any other
 */
public record ServerAddress(PcpAddress address, int interfaceIndex) {
    private static final PcpAddress LINK_LOCAL = PcpAddress.parse("fe80::");
    private static final int LINK_LOCAL_PREFIX = 10;

    public ServerAddress {
        if ((interfaceIndex != 0) != isLinkLocal(address)) {
            throw new IllegalArgumentException("interface " + interfaceIndex + " of " + address
                    + " (expected: one for a link-local IPv6 address, 0 for any other)");
        }
    }

    /** {@return the address of a router that is known by a route through that interface} */
    static ServerAddress on(int interfaceIndex, PcpAddress router) {
        return new ServerAddress(router, isLinkLocal(router) ? interfaceIndex : 0);
    }

    static boolean isLinkLocal(PcpAddress address) {
        return address.sharesPrefix(LINK_LOCAL, LINK_LOCAL_PREFIX);
    }

    public InetSocketAddress at(int port) {
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
        return interfaceIndex == 0 ? address.toString() : address + "%" + interfaceIndex;
    }
}
