package io.portreeve.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The gateway of one client: it speaks NAT-PMP only, until it is upgraded and passes on PCP, too. It is on the client's own host
 * and has its address, so that the server behind it takes the client to be the one who asks.
 */
final class OldGateway implements AutoCloseable {
    static final int PORT = 5351;

    private static final int NAT_PMP = 0;
    private static final short UNSUPPORTED_VERSION = 1;

    private final DatagramSocket inside;
    private final DatagramSocket outside;
    private final List<Integer> versions = new CopyOnWriteArrayList<>();
    private volatile SocketAddress client;
    private volatile boolean isUpgraded;

    private interface Work {
        void once() throws IOException;
    }

    OldGateway(Host host, String address, String server) throws Exception {
        inside = host.inside(() -> new DatagramSocket(new InetSocketAddress(address, PORT)));
        outside = host.inside(() -> new DatagramSocket());
        outside.connect(InetAddress.getByName(server), PORT);
        Thread.ofVirtual().start(() -> untilClosed(this::takeRequest));
        Thread.ofVirtual().start(() -> untilClosed(this::takeAnswer));
    }

    void upgrade() {
        isUpgraded = true;
    }

    /** {@return the versions in which it was asked, in order; one after another of the same version counts once} */
    List<Integer> versions() {
        return List.copyOf(versions);
    }

    private static void untilClosed(Work work) {
        try {
            while (true) {
                work.once();
            }
        } catch (SocketException _) {
            // It is closed; whoever waits for an answer says so.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void takeRequest() throws IOException {
        var request = receive(inside);
        int version = request.getData()[0];
        client = request.getSocketAddress();
        note(version);
        if (version == NAT_PMP || isUpgraded) {
            outside.send(new DatagramPacket(request.getData(), request.getLength()));
        } else {
            answer(refusal(request.getData()[1]));
        }
    }

    private void note(int version) {
        if (versions.isEmpty() || versions.getLast() != version) {
            versions.add(version);
        }
    }

    /** It has been up for no time at all. RFC 6886 section 3.5. */
    private static byte[] refusal(int opcode) {
        return ByteBuffer.allocate(8)
                .put(1, (byte) (opcode | 0x80))
                .putShort(2, UNSUPPORTED_VERSION)
                .array();
    }

    private void takeAnswer() throws IOException {
        var answer = receive(outside);
        answer(Arrays.copyOf(answer.getData(), answer.getLength()));
    }

    private void answer(byte[] octets) throws IOException {
        inside.send(new DatagramPacket(octets, octets.length, client));
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        var packet = new DatagramPacket(new byte[2048], 2048);
        socket.receive(packet);
        return packet;
    }

    @Override
    public void close() {
        inside.close();
        outside.close();
    }
}
