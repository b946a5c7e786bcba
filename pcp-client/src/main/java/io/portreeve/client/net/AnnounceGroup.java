package io.portreeve.client.net;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;

/** To whom a server speaks when it speaks to all its clients. RFC 6887 section 14.1.3. */
enum AnnounceGroup {
    ALL_HOSTS(StandardProtocolFamily.INET, "224.0.0.1"),
    ALL_NODES(StandardProtocolFamily.INET6, "ff02::1");

    private final StandardProtocolFamily family;
    private final InetAddress address;

    AnnounceGroup(StandardProtocolFamily family, String address) {
        this.family = family;
        this.address = InetAddress.ofLiteral(address);
    }

    boolean isFor(InterfaceAddress own) {
        return own.address().isIpv4() == (family == StandardProtocolFamily.INET);
    }

    /**
     * {@return a socket that hears what is said to this group on one link}
     *
     * <p>It is bound to the group, so that it takes no datagram that is sent to the host alone from another program, and shares
     * the port with every other client here. RFC 6886 section 3.2.1.
     */
    DatagramChannel open(int interfaceIndex) throws IOException {
        var link = NetworkInterface.getByIndex(interfaceIndex);
        if (link == null) {
            throw new IOException("it is gone");
        }
        var channel = DatagramChannel.open(family);
        try {
            channel.configureBlocking(false);
            // Not SO_REUSEPORT: Linux may give what only one of several such sockets should hear to another of them
            // instead.
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(on(interfaceIndex), AnnounceListener.PORT));
            channel.join(address, link);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** A link-local group is another one on each link. */
    private InetAddress on(int interfaceIndex) throws UnknownHostException {
        return family == StandardProtocolFamily.INET
                ? address
                : Inet6Address.getByAddress(null, address.getAddress(), interfaceIndex);
    }
}
