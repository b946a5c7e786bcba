package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.LocalCgn;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.store.TestMachine;
import io.portreeve.settings.Settings;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DS-Lite in encapsulation mode, over the loopback interface: 192.168.1.10 asks in the tunnels of two B4s. */
@Proves("pcp:N-13")
final class EncapsulationTest {
    private static final String B4 = "20010db80000000000000000000000b4";
    private static final String OTHER_B4 = "20010db80000000000000000000100b4";
    private static final String HOST = "c0a8010a";
    private static final String SERVER = "c0000001";
    private static final String MAP = "02010000 00001c20 00000000 00000000 0000ffff c0a8010a "
            + "a1a2a3a4 b1b2b3b4 c1c2c3c4 06000000 1f90 0000 00000000 00000000 0000ffff 00000000";
    private static final String ANNOUNCE = "02000000 00000000 00000000 00000000 0000ffff c0a8010a";
    private static final int PACKET = 16;
    private static final int UDP = PACKET + 20;
    private static final int PCP = UDP + 8;

    private final List<AutoCloseable> open = new ArrayList<>();
    private PcpServer server;
    private DatagramSocket cgn;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws Exception {
        server = start(directory, 0);
        cgn = cgn();
    }

    @AfterEach
    void close() throws Exception {
        for (var closeable : open.reversed()) {
            closeable.close();
        }
    }

    private PcpServer start(Path stateDir, int encapsulationPort) throws Exception {
        var settings = new Settings(
                "test",
                List.of(
                        "listen = 127.0.0.1",
                        "port = 0",
                        "encapsulation-port = " + encapsulationPort,
                        "pool = 203.0.114.1, 203.0.114.2",
                        "state-dir = " + stateDir));
        var started = PcpServer.start(ServerSettings.of(settings), new TestMachine().machine());
        open.add(started);
        return started;
    }

    private DatagramSocket cgn() throws IOException {
        var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.connect(server.encapsulationAddress().orElseThrow());
        socket.setSoTimeout(30_000);
        open.add(socket);
        return socket;
    }

    /** {@return a packet from 192.168.1.10, port 49152, to the server's port, without a UDP checksum} */
    private static String packet(String subscriber, String pcp) {
        int length = pcp.replace(" ", "").length() / 2;
        var header = "4500%04x 00004000 4011".formatted(length + 28);
        var addresses = HOST + SERVER;
        int sum = sum(header + addresses);
        return "%s %s %04x %s c000 14e7 %04x 0000 %s"
                .formatted(subscriber, header, ~sum & 0xFFFF, addresses, length + 8, pcp);
    }

    /** {@return the sum of 16-bit words in ones' complement} */
    private static int sum(String hex) {
        var words = ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
        int sum = 0;
        while (words.hasRemaining()) {
            sum += Short.toUnsignedInt(words.getShort());
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return sum;
    }

    private static String hex(ByteBuffer octets, int from, int length) {
        return HexFormat.of()
                .formatHex(octets.array(), octets.arrayOffset() + from, octets.arrayOffset() + from + length);
    }

    /** Checks a packet with two whole checksums that the server sends to {@code port} of the host. */
    private static void assertToHost(String subscriber, int port, ByteBuffer received) {
        assertThat(hex(received, 0, PACKET)).isEqualTo(subscriber.replace(" ", ""));
        int length = received.remaining() - PACKET;
        assertThat(received.get(PACKET)).isEqualTo((byte) 0x45);
        assertThat(received.getShort(PACKET + 2)).isEqualTo((short) length);
        assertThat(hex(received, PACKET + 12, 8)).isEqualTo(SERVER + HOST);
        assertThat(sum(hex(received, PACKET, 20)))
                .as("the header with its checksum")
                .isEqualTo(0xFFFF);
        assertThat(received.getShort(UDP)).isEqualTo((short) 5351);
        assertThat(Short.toUnsignedInt(received.getShort(UDP + 2))).isEqualTo(port);
        var pseudoHeader = SERVER + HOST + "0011%04x".formatted(length - 20);
        assertThat(sum(pseudoHeader + hex(received, UDP, length - 20)))
                .as("the datagram with its checksum")
                .isEqualTo(0xFFFF);
    }

    private static int result(ByteBuffer answer) {
        return answer.get(PCP + 3);
    }

    private ByteBuffer ask(String subscriber, String pcp) throws IOException {
        var answer = HexDatagrams.ask(cgn, packet(subscriber, pcp));
        assertToHost(subscriber, 49152, answer);
        return answer;
    }

    @Test
    void twoHostsWithOneAddressHaveAMappingEach() throws Exception {
        var one = ask(B4, MAP);
        var other = ask(OTHER_B4, MAP);
        assertThat(result(one)).isZero();
        assertThat(result(other)).isZero();
        assertThat(hex(one, PCP + 42, 18)).isNotEqualTo(hex(other, PCP + 42, 18));
        assertThat(server.cgn().table())
                .extracting(LocalCgn.Entry::subscriber)
                .containsExactlyInAnyOrder(
                        new SubscriberId(PcpAddress.parse("2001:db8::b4")),
                        new SubscriberId(PcpAddress.parse("2001:db8::1:b4")));
        assertThat(server.cgn().table())
                .extracting(entry -> entry.mapping().internal())
                .containsOnly(new Endpoint(PcpAddress.parse("192.168.1.10"), 8080));
    }

    @Test
    @Proves("pcp:S-GEN-05")
    void theAddressInARequestMustBeThatOfThePacketInTheTunnel() throws Exception {
        assertThat(result(ask(B4, MAP.replace("c0a8010a", "c0a8010b")))).isEqualTo(12);
        assertThat(result(ask(
                        B4, MAP.replace("00000000 00000000 0000ffff c0a8010a", "20010db8 00000000 00000000 000000b4"))))
                .isEqualTo(12);
        assertThat(result(ask(B4, ANNOUNCE))).isZero();
    }

    @Test
    @Proves("pcp:N-02")
    void theCgnDoesNotKnowOneOfThem() throws Exception {
        server.cgn().block(new SubscriberId(PcpAddress.parse("2001:db8::b4")));
        assertThat(result(ask(B4, MAP))).isEqualTo(2);
        assertThat(result(ask(OTHER_B4, MAP))).isZero();
    }

    @Test
    void natPmpIsAnsweredToo() throws Exception {
        var answer = ask(B4, "0000");
        assertThat(answer.getInt(PCP)).isEqualTo(0x00800000);
        assertThat(answer.getInt(PCP + 8)).isBetween(0xCB007201, 0xCB007202);
    }

    @Test
    void anAnswerGoesToTheSocketThatAsked() throws Exception {
        var another = cgn();
        HexDatagrams.send(another, packet(B4, ANNOUNCE));
        ask(B4, MAP);
        assertThat(HexDatagrams.receive(another).get(PCP + 1)).isEqualTo((byte) 0x80);
    }

    /** Silence for all of them, or the first answer below were not the first; and the server goes on. */
    @Test
    void whatIsNoSoundPacketMeetsSilenceAndIsCounted() throws Exception {
        var sound = packet(B4, ANNOUNCE);
        HexDatagrams.send(cgn, B4);
        HexDatagrams.send(cgn, sound.replace("4500", "6500"));
        HexDatagrams.send(cgn, sound.replace("14e7", "14e6"));
        HexDatagrams.send(cgn, sound.substring(0, sound.length() - 2));
        assertThat(result(ask(B4, MAP))).isZero();
        assertThat(server.counters().all().get("requests")).containsEntry("badly encapsulated", 4L);
    }

    /** The second CGN has handed over the last request, so it has the tunnel now. */
    @Test
    void whatNobodyAskedForGoesTheWayOfTheLastRequest() throws Exception {
        var subscriber = new SubscriberId(PcpAddress.parse("2001:db8::b4"));
        var granted = ask(B4, MAP);
        cgn = cgn();
        ask(B4, ANNOUNCE);
        boolean isFirst = granted.get(PCP + 59) == 1;
        server.renumber(subscriber, PcpAddress.parse(isFirst ? "203.0.114.2" : "203.0.114.1"));
        var update = HexDatagrams.receive(cgn);
        assertToHost(B4, 49152, update);
        assertThat(update.get(PCP + 1)).isEqualTo((byte) 0x81);
        assertThat(update.get(PCP + 59)).isEqualTo((byte) (isFirst ? 2 : 1));
        server.clear(subscriber);
        var announced = HexDatagrams.receive(cgn);
        while (announced.get(PCP + 1) == (byte) 0x81) {
            announced = HexDatagrams.receive(cgn); // the update is told again
        }
        assertToHost(B4, 5350, announced);
        assertThat(announced.get(PCP + 1)).isEqualTo((byte) 0x80);
    }

    @Test
    void aTakenPortIsNamed() {
        int taken = server.encapsulationAddress().orElseThrow().getPort();
        assertThatThrownBy(() -> start(directory.resolve("other"), taken))
                .isInstanceOf(CannotStartException.class)
                .hasMessage("cannot listen on 127.0.0.1:" + taken
                        + ": another program has this UDP port; stop that one or choose another 'encapsulation-port'");
    }
}
