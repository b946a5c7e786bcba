package io.portreeve.image;

import io.portreeve.pcp.PcpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** One host and one PCP server, datagram by datagram. */
final class PcpTalk implements AutoCloseable {
    private static final int PORT = 5351;
    private static final int ANNOUNCE_OCTETS = 24;

    private final PcpAddress client;
    private final DatagramSocket socket;

    PcpTalk(Host host, String client, String server) throws Exception {
        this.client = PcpAddress.parse(client);
        socket = host.udp(0);
        socket.connect(InetAddress.getByName(server), PORT);
    }

    PcpAddress client() {
        return client;
    }

    /** {@return the next datagram that comes back} */
    ByteBuffer ask(byte[] request) throws IOException {
        send(request);
        return receive();
    }

    /** {@return what comes back, or nothing if the answer to a later request comes first} */
    ByteBuffer askForSilence(byte[] request) throws IOException {
        send(request);
        send(announce());
        var first = receive();
        boolean isSilence = first.remaining() == ANNOUNCE_OCTETS && first.getInt(0) == 0x02800000;
        if (!isSilence) {
            receive();
        }
        return isSilence ? ByteBuffer.allocate(0) : first;
    }

    private byte[] announce() {
        var request = ByteBuffer.allocate(ANNOUNCE_OCTETS).put(0, (byte) 2);
        return request.putLong(8, client.high()).putLong(16, client.low()).array();
    }

    private void send(byte[] octets) throws IOException {
        socket.send(new DatagramPacket(octets, octets.length));
    }

    private ByteBuffer receive() throws IOException {
        var packet = new DatagramPacket(new byte[2048], 2048);
        socket.receive(packet);
        return ByteBuffer.wrap(packet.getData(), 0, packet.getLength()).slice();
    }

    @Override
    public void close() {
        socket.close();
    }
}
