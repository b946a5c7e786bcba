package io.portreeve.bench.gateway;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.function.Supplier;

/** Datagrams from one host, at a steady pace. Nobody reads the answers. */
final class Datagrams implements Attack.Load {
    private final DatagramSocket socket;
    private final InetSocketAddress to;
    private final Supplier<byte[]> content;
    private final Duration spacing;

    Datagrams(InetAddress from, InetSocketAddress to, Supplier<byte[]> content, Duration spacing) throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(from, 0));
        socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByInetAddress(from));
        this.to = to;
        this.content = content;
        this.spacing = spacing;
    }

    @Override
    public Duration spacing() {
        return spacing;
    }

    @Override
    public void step() throws IOException {
        var octets = content.get();
        socket.send(new DatagramPacket(octets, octets.length, to));
    }

    @Override
    public void close() {
        socket.close();
    }
}
