package io.portreeve.igd.ssdp;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * The two sockets of one address.
 *
 * <p>Two, because Java does not tell to which address a datagram came: one is bound to the group and hears multicast searches,
 * the other to the LAN address; it hears unicast ones and sends everything, so that all comes from where LOCATION points to.
 */
final class SsdpSockets implements AutoCloseable {
    private final Lan lan;
    private final LanLink link;
    private final DatagramChannel own;
    private final DatagramChannel group;

    /** What a datagram was heard by. */
    record Ear(Lan lan, boolean multicast) {}

    /** @throws IOException if the port, the address or the interface cannot be had; no socket is left open then */
    static SsdpSockets open(Lan lan, SsdpSettings settings, int port, Selector selector) throws IOException {
        var sockets = new SsdpSockets(lan);
        try {
            sockets.bind(settings.hops(lan.group()), port);
            sockets.register(selector);
            return sockets;
        } catch (BindException e) {
            sockets.close();
            throw new BindException("UDP " + lan.host() + ":" + port + " " + reason(e));
        } catch (IOException | RuntimeException e) {
            sockets.close();
            throw e;
        }
    }

    private static String reason(BindException e) {
        return e.getMessage().contains("in use")
                ? "is taken by another program; stop the other UPnP gateway on this machine"
                : "cannot be had: " + e.getMessage();
    }

    private SsdpSockets(Lan lan) throws IOException {
        this.lan = lan;
        link = LanLink.of(lan.interfaceName());
        var family = lan.prefix().address().isIpv4() ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        own = DatagramChannel.open(family);
        group = DatagramChannel.open(family);
    }

    private void bind(int hops, int port) throws IOException {
        var groupAddress = link.scoped(lan.group().endpoint.address());
        bind(own, link.scoped(lan.prefix().address()), hops, port);
        bind(group, groupAddress, hops, port);
        group.join(groupAddress, link.itself());
    }

    private void bind(DatagramChannel channel, InetAddress address, int hops, int port) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, link.itself());
        channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, hops);
        channel.bind(new InetSocketAddress(address, port));
    }

    private void register(Selector selector) throws IOException {
        own.register(selector, SelectionKey.OP_READ, new Ear(lan, false));
        group.register(selector, SelectionKey.OP_READ, new Ear(lan, true));
        selector.wakeup();
    }

    void send(byte[] message, Endpoint target) throws IOException {
        own.send(ByteBuffer.wrap(message), new InetSocketAddress(link.scoped(target.address()), target.port()));
    }

    /** {@return where multicast searches are heard} */
    InetSocketAddress groupAddress() throws IOException {
        return (InetSocketAddress) group.getLocalAddress();
    }

    /** {@return where unicast searches are heard} */
    InetSocketAddress ownAddress() throws IOException {
        return (InetSocketAddress) own.getLocalAddress();
    }

    @Override
    public void close() throws IOException {
        try (own) {
            group.close();
        }
    }
}
