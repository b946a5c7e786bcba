package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.settings.Settings;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers as their settings make them, with clients and external addresses of both families, over the loopback interface. */
final class ServedFamiliesTest {
    private static final String IPV4 = "00000000 00000000 0000ffff 7f000001 ";
    private static final String IPV6 = "00000000 00000000 00000000 00000001 ";
    private static final String ANY_IPV4 = "00000000 00000000 0000ffff 00000000";
    private static final String ANY_IPV6 = "00000000 00000000 00000000 00000000";
    private static final PcpAddress OUTSIDE = PcpAddress.parse("203.0.114.1");
    private static final PcpAddress OUTSIDE_ON_IPV6 = PcpAddress.parse("2001:db8:0:1::1");

    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void close() throws Exception {
        for (var closeable : open.reversed()) {
            closeable.close();
        }
    }

    private PcpServer start(String... more) throws Exception {
        var lines = new ArrayList<>(List.of("port = 0", "state-dir = " + directory.resolve("state")));
        lines.addAll(List.of(more));
        var server = PcpServer.start(ServerSettings.of(new Settings("test", lines)));
        open.add(server);
        return server;
    }

    /** {@return a MAP request for TCP 8080} */
    private static String map(String client, int lifetime, String suggested) {
        return "02010000 %08x".formatted(lifetime) + client
                + "a1a2a3a4 b1b2b3b4 c1c2c3c4 06000000 1f90 0000"
                + suggested;
    }

    /** {@return what the server answers to a client of this machine} */
    private ByteBuffer ask(InetSocketAddress server, String hex) throws Exception {
        var octets = HexFormat.of().parseHex(hex.replace(" ", ""));
        try (var socket = new DatagramSocket(new InetSocketAddress(server.getAddress(), 0))) {
            socket.connect(server);
            socket.setSoTimeout(30_000);
            socket.send(new DatagramPacket(octets, octets.length));
            var answer = new DatagramPacket(new byte[2048], 2048);
            socket.receive(answer);
            return ByteBuffer.wrap(answer.getData(), 0, answer.getLength()).slice();
        }
    }

    private static Endpoint external(ByteBuffer answer) {
        assertThat(answer.get(3)).as("result").isZero();
        return new Endpoint(
                new PcpAddress(answer.getLong(44), answer.getLong(52)), Short.toUnsignedInt(answer.getShort(42)));
    }

    private static List<Endpoint> atCgn(PcpServer server) {
        return server.cgn().table().stream()
                .map(entry -> entry.mapping().external())
                .toList();
    }

    @Test
    @Proves({"pcp:S-MAP-17", "pcp:S-LIFE-05"})
    void aPoolOfBothFamiliesServesBothAndRemembersThem() throws Exception {
        var settings = new String[] {"listen = 127.0.0.1", "pool = 203.0.114.1, 2001:db8:0:1::1"};
        var first = start(settings);
        var ipv4 = external(ask(first.address(), map(IPV4, 3600, ANY_IPV4)));
        var ipv6 = external(ask(first.address(), map(IPV4, 3600, ANY_IPV6)));
        assertThat(ipv4.address()).isEqualTo(OUTSIDE);
        assertThat(ipv6.address()).isEqualTo(OUTSIDE_ON_IPV6);
        first.close();
        var second = start(settings);
        assertThat(second.restored()).isEqualTo(2);
        assertThat(atCgn(second)).containsExactlyInAnyOrder(ipv4, ipv6);
        ask(second.address(), map(IPV4, 0, ANY_IPV6));
        assertThat(atCgn(second)).containsExactly(ipv4);
    }

    @Test
    @Proves("pcp:S-MAP-13")
    void aFirewallServesEachClientInItsOwnFamily() throws Exception {
        var settings = new String[] {"cgn = firewall", "listen = 127.0.0.1, ::1"};
        var first = start(settings);
        var onIpv4 = new Endpoint(PcpAddress.of(InetAddress.ofLiteral("127.0.0.1")), 8080);
        var onIpv6 = new Endpoint(PcpAddress.of(InetAddress.ofLiteral("::1")), 8080);
        assertThat(external(ask(first.addresses().getFirst(), map(IPV4, 3600, ANY_IPV4))))
                .isEqualTo(onIpv4);
        assertThat(external(ask(first.addresses().getLast(), map(IPV6, 3600, ANY_IPV6))))
                .isEqualTo(onIpv6);
        assertThat(ask(first.addresses().getLast(), map(IPV6, 3600, ANY_IPV4)).get(3))
                .as("network failure")
                .isEqualTo((byte) 7);
        first.close();
        var second = start(settings);
        assertThat(second.restored()).isEqualTo(2);
        assertThat(atCgn(second)).containsExactlyInAnyOrder(onIpv4, onIpv6);
    }
}
