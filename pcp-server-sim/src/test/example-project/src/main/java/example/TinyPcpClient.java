package example;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/** Keeps TCP ports of this host open at a PCP server. It knows the MAP request of RFC 6887, IPv4, and nothing else. */
public final class TinyPcpClient implements AutoCloseable {

    /** What the server granted. Renew it when half of its lifetime is over. */
    public record Mapping(InetSocketAddress external, Instant renewAt) {}

    /** The server says no. The result is one of RFC 6887 section 7.4. */
    public static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        public final int result;

        RefusedException(int result) {
            super("the PCP server refuses: result " + result);
            this.result = result;
        }
    }

    private static final int MAP_SIZE = 60;
    private static final int TCP = 6;
    private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");

    private final DatagramSocket socket = new DatagramSocket();
    private final byte[] nonce = new byte[12];
    private final Map<Integer, Mapping> mappings = new TreeMap<>();
    private final InstantSource clock;
    private final Duration patience;
    private final Duration lifetime;
    private long lastEpoch;

    /**
     * @param clock the time by which mappings are renewed
     * @param patience how long to wait for an answer before the request is sent again; RFC 6887 says 3 s, then twice as long each time
     * @param lifetime asked for
     */
    public TinyPcpClient(InetSocketAddress server, InstantSource clock, Duration patience, Duration lifetime)
            throws IOException {
        this.clock = clock;
        this.patience = patience;
        this.lifetime = lifetime;
        new SecureRandom().nextBytes(nonce);
        socket.connect(server);
    }

    /** Opens a port, or renews it. */
    public synchronized Mapping open(int port) throws IOException {
        var suggested = mappings.get(port);
        var answer = ask(request(port, suggested));
        if (answer.get(3) != 0) {
            throw new RefusedException(Byte.toUnsignedInt(answer.get(3)));
        }
        boolean lostItsMappings = hasLostState(answer);
        var granted = Duration.ofSeconds(Integer.toUnsignedLong(answer.getInt(4)));
        var external = new InetSocketAddress(address(answer, 44), Short.toUnsignedInt(answer.getShort(42)));
        var mapping = new Mapping(external, clock.instant().plus(granted.dividedBy(2)));
        mappings.put(port, mapping);
        if (lostItsMappings) {
            for (int other : mappings.keySet()) {
                if (other != port) {
                    open(other);
                }
            }
        }
        return mapping;
    }

    /** Renews what is due. */
    public synchronized void renew() throws IOException {
        var now = clock.instant();
        var due = mappings.entrySet().stream()
                .filter(entry -> !now.isBefore(entry.getValue().renewAt()))
                .map(Map.Entry::getKey)
                .toList();
        for (int port : due) {
            open(port);
        }
    }

    /** The epoch must never go back. RFC 6887 section 8.5 asks for more. */
    private boolean hasLostState(ByteBuffer answer) {
        long epoch = Integer.toUnsignedLong(answer.getInt(8));
        boolean lost = epoch + 1 < lastEpoch;
        lastEpoch = epoch;
        return lost;
    }

    private byte[] request(int port, Mapping suggested) {
        var request = ByteBuffer.allocate(MAP_SIZE);
        request.put((byte) 2).put((byte) 1).putShort((short) 0);
        request.putInt((int) lifetime.toSeconds());
        put(socket.getLocalAddress(), request);
        request.put(nonce).put((byte) TCP).put(new byte[3]);
        request.putShort((short) port);
        request.putShort((short) (suggested == null ? 0 : suggested.external().getPort()));
        put(suggested == null ? ANY : suggested.external().getAddress(), request);
        return request.array();
    }

    private static void put(InetAddress address, ByteBuffer message) {
        message.put(new byte[10]).putShort((short) 0xFFFF).put(((Inet4Address) address).getAddress());
    }

    private static InetAddress address(ByteBuffer message, int from) throws IOException {
        var octets = new byte[16];
        message.get(from, octets);
        return InetAddress.getByAddress(octets);
    }

    /** Sends the same octets until the answer to them comes. */
    private ByteBuffer ask(byte[] request) throws IOException {
        for (var wait = patience; ; wait = wait.multipliedBy(2)) {
            socket.send(new DatagramPacket(request, request.length));
            socket.setSoTimeout((int) wait.toMillis());
            try {
                return receive(request);
            } catch (SocketTimeoutException e) {
                // send it again
            }
        }
    }

    private ByteBuffer receive(byte[] request) throws IOException {
        while (true) {
            var datagram = new DatagramPacket(new byte[1100], 1100);
            socket.receive(datagram);
            var answer = ByteBuffer.wrap(datagram.getData(), 0, datagram.getLength());
            if (isAnswer(answer, ByteBuffer.wrap(request))) {
                return answer;
            }
        }
    }

    /** Opcode, nonce, protocol and internal port are the request's. */
    private static boolean isAnswer(ByteBuffer answer, ByteBuffer request) {
        return answer.limit() >= MAP_SIZE
                && answer.get(0) == 2
                && answer.get(1) == (byte) 0x81
                && answer.slice(24, 18).equals(request.slice(24, 18));
    }

    @Override
    public void close() {
        socket.close();
    }
}
