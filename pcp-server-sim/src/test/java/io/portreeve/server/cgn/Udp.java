package io.portreeve.server.cgn;

import io.portreeve.pcp.PcpAddress;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A UDP socket that speaks text. */
record Udp(DatagramSocket socket) implements Closeable {

    record Datagram(Endpoint from, String text) {}

    static Udp bind(Endpoint local) throws IOException {
        var socket = new DatagramSocket(new InetSocketAddress(local.address().toInetAddress(), local.port()));
        return new Udp(socket);
    }

    void send(String text, Endpoint to) throws IOException {
        var octets = text.getBytes(StandardCharsets.UTF_8);
        var address = new InetSocketAddress(to.address().toInetAddress(), to.port());
        socket.send(new DatagramPacket(octets, octets.length, address));
    }

    /** {@return the next datagram} Half a minute without one means that none will come. */
    Datagram receive() throws IOException {
        return receive(30_000);
    }

    /** {@return true if a datagram has come, which is read by this} */
    boolean hasReceived() throws IOException {
        return sourceOfReceived().isPresent();
    }

    /** {@return from where a datagram has come, which is read by this} */
    Optional<Endpoint> sourceOfReceived() throws IOException {
        try {
            return Optional.of(receive(1).from());
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        }
    }

    private Datagram receive(int millis) throws IOException {
        var packet = new DatagramPacket(new byte[100], 100);
        socket.setSoTimeout(millis);
        socket.receive(packet);
        return new Datagram(
                new Endpoint(PcpAddress.of(packet.getAddress()), packet.getPort()),
                new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        socket.close();
    }
}
