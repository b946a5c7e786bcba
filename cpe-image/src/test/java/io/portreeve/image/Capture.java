package io.portreeve.image;

import io.portreeve.testing.Await;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What PCP clients and servers say to each other over one interface. */
final class Capture implements AutoCloseable {
    private static final int SERVER_PORT = 5351;
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final int ETHERNET_HEADER = 14;
    private static final int IPV6_HEADER = 40;
    private static final int UDP_HEADER = 8;

    /** A MAP request as no client sends it, only a header. */
    private static final byte[] MARK = HexFormat.of().parseHex("0201" + "00".repeat(22));

    /** The opcode, in requests and answers; of IPv6 such a filter can see no payload. */
    private static final String MAPS = "udp port 5351 and (ip6 or udp[9] & 0x7f == 1)";

    private final Path file;
    private final Running dumpcap;

    /**
     * One MAP request, or the answer to one.
     *
     * @param at when it passed, since some moment of the past
     * @param mapping nonce, protocol and internal port
     * @param lifetime wanted or granted
     * @param octets all of it, in hex
     */
    record Datagram(Duration at, boolean isRequest, Duration lifetime, String mapping, String octets) {}

    /** Captures from now on. */
    Capture(Lab lab, String namespace, String link, Path file) throws Exception {
        this.file = file;
        dumpcap = Running.start(lab.inside(namespace, "dumpcap", "-P", "-i", link, "-f", MAPS, "-w", file.toString()));
        dumpcap.await("File: ");
    }

    /** {@return what has passed} A mark that {@code client} sends last is waited for: what is captured is written later. */
    List<Datagram> datagrams(Host client, String server) throws Exception {
        try (var socket = client.udp(0)) {
            socket.send(new DatagramPacket(MARK, MARK.length, new InetSocketAddress(server, SERVER_PORT)));
        }
        var mark = HexFormat.of().formatHex(MARK);
        Await.until(
                "the mark is in the capture",
                () -> HexFormat.of().formatHex(Files.readAllBytes(file)).contains(mark));
        close();
        var capture = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        var datagrams = new ArrayList<Datagram>();
        int next;
        for (int record = FILE_HEADER; record < capture.capacity(); record = next) {
            next = record + RECORD_HEADER + capture.getInt(record + 8);
            var at = Duration.ofSeconds(capture.getInt(record)).plusNanos(1000L * capture.getInt(record + 4));
            add(at, capture.slice(record + RECORD_HEADER, next - record - RECORD_HEADER), datagrams);
        }
        return datagrams;
    }

    /** @param packet with its Ethernet header; in network order */
    private static void add(Duration at, ByteBuffer packet, List<Datagram> datagrams) {
        int version = packet.get(ETHERNET_HEADER) >> 4;
        int udp = ETHERNET_HEADER + (version == 4 ? 4 * (packet.get(ETHERNET_HEADER) & 0xf) : IPV6_HEADER);
        boolean isRequest = Short.toUnsignedInt(packet.getShort(udp + 2)) == SERVER_PORT;
        var octets = Arrays.copyOfRange(
                packet.array(), packet.arrayOffset() + udp + UDP_HEADER, packet.arrayOffset() + packet.limit());
        if (octets.length > MARK.length) {
            var hex = HexFormat.of();
            var lifetime = Duration.ofSeconds(ByteBuffer.wrap(octets).getInt(4));
            datagrams.add(new Datagram(at, isRequest, lifetime, hex.formatHex(octets, 24, 42), hex.formatHex(octets)));
        }
    }

    @Override
    public void close() {
        dumpcap.close();
    }
}
