package io.portreeve.server;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Datagrams over a real socket, as they stand in the texts: hexadecimal digits with spaces between. */
public final class HexDatagrams {
    private HexDatagrams() {}

    /** {@return a client's socket, which waits for answers longer than any may take} */
    static DatagramSocket client(PcpServer server) throws IOException {
        return client(server.address());
    }

    /** {@return a client's socket, which waits for answers longer than any may take} */
    public static DatagramSocket client(InetSocketAddress server) throws IOException {
        var socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.connect(server);
        socket.setSoTimeout(30_000);
        return socket;
    }

    public static void send(DatagramSocket socket, String hex) throws IOException {
        var octets = HexFormat.of().parseHex(hex.replace(" ", ""));
        socket.send(new DatagramPacket(octets, octets.length));
    }

    public static ByteBuffer receive(DatagramSocket socket) throws IOException {
        var packet = new DatagramPacket(new byte[2048], 2048);
        socket.receive(packet);
        return ByteBuffer.wrap(packet.getData(), 0, packet.getLength()).slice();
    }

    public static ByteBuffer ask(DatagramSocket socket, String hex) throws IOException {
        send(socket, hex);
        return receive(socket);
    }
}
