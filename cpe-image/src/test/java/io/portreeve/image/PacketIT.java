package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.requirements.Proves;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Packets from the Internet go through the NAT of the CGN and that of the gateway to a host at home, if it asked for them. */
class PacketIT extends OwnChain {

    private static void send(DatagramSocket from, String text, String to, int port) throws IOException {
        var octets = text.getBytes(StandardCharsets.US_ASCII);
        from.send(new DatagramPacket(octets, octets.length, InetAddress.getByName(to), port));
    }

    /** {@return the next datagram that comes, with where it came from} */
    private static DatagramPacket receive(DatagramSocket at) throws IOException {
        var packet = new DatagramPacket(new byte[100], 100);
        at.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
    }

    @Test
    void aTcpConnectionComesThroughWhileThePortIsOpen() throws Exception {
        try (var _ = new TcpService(lan(), 8080)) {
            stranger.nobodyAnswers(8080);
            chain.home().open("TCP", 8080);
            try (var connection = stranger.connect(8080)) {
                assertThat(TcpService.ask(connection, "hello")).startsWith("hello from /" + Stranger.ADDRESS + ":");
            }
            chain.home().upnpcSucceeds("-d", "8080", "TCP");
            stranger.nobodyAnswers(8080);
        }
    }

    @Test
    void aDatagramComesThroughAndItsAnswerGoesBack() throws Exception {
        chain.home().open("UDP", 3074);
        try (var game = lan().udp(3074);
                var friend = stranger.udp()) {
            send(friend, "hello", Stranger.PUBLIC, 3074);
            var hello = receive(game);
            assertThat(text(hello)).isEqualTo("hello");
            assertThat(hello.getAddress().getHostAddress()).isEqualTo(Stranger.ADDRESS);
            send(game, "welcome", Stranger.ADDRESS, hello.getPort());
            var welcome = receive(friend);
            assertThat(text(welcome)).isEqualTo("welcome");
            assertThat(welcome.getSocketAddress()).isEqualTo(new InetSocketAddress(Stranger.PUBLIC, 3074));
        }
    }

    @Test
    void whatTheServiceSendsToAnybodyComesFromItsPublicPort() throws Exception {
        // not the port it has at home, which masquerading would keep without being told
        chain.home().upnpcSucceeds("-a", "192.168.1.10", "5000", "3074", "UDP");
        try (var game = lan().udp(5000);
                var friend = stranger.udp();
                var anybody = stranger.udp()) {
            for (var other : new DatagramSocket[] {friend, anybody}) {
                send(game, "knock", Stranger.ADDRESS, other.getLocalPort());
                assertThat(receive(other).getSocketAddress()).isEqualTo(new InetSocketAddress(Stranger.PUBLIC, 3074));
            }
        }
    }

    @Test
    void otherTrafficLeavesWithPortsThatNobodyCanBeGiven() throws Exception {
        try (var client = lan().udp(5000);
                var server = stranger.udp()) {
            send(client, "hello", Stranger.ADDRESS, server.getLocalPort());
            var hello = receive(server);
            assertThat(hello.getAddress().getHostAddress()).isEqualTo(Stranger.PUBLIC);
            assertThat(hello.getPort()).isGreaterThan(32_767);
        }
    }

    @Test
    void aClosedPortCutsItsConnections() throws Exception {
        chain.home().open("TCP", 8080);
        chain.home().open("UDP", 3074);
        chain.home().open("UDP", 3075);
        try (var service = new TcpService(lan(), 8080);
                var game = lan().udp(3074);
                var other = lan().udp(3075);
                var friend = stranger.udp();
                var connection = stranger.connect(8080)) {
            TcpService.ask(connection, "before");
            send(friend, "before", Stranger.PUBLIC, 3074);
            assertThat(text(receive(game))).isEqualTo("before");

            chain.home().upnpcSucceeds("-d", "8080", "TCP");
            chain.home().upnpcSucceeds("-d", "3074", "UDP");
            TcpService.say(connection, "after");
            send(friend, "after", Stranger.PUBLIC, 3074);

            // One way for all packets: when this one has come, those before it have too, or never will.
            send(friend, "marker", Stranger.PUBLIC, 3075);
            assertThat(text(receive(other))).isEqualTo("marker");
            assertThat(service.received()).containsExactly("before");
            assertNothingIn(game);
        }
    }

    /** The service never stops sending, so that every moment of the closing meets a packet of its own. */
    @Test
    void aClosedPortIsNotSentFromEither() throws Exception {
        chain.home().open("UDP", 3074);
        try (var game = lan().udp(3074);
                var friend = stranger.udp()) {
            send(game, "before", Stranger.ADDRESS, friend.getLocalPort());
            assertThat(receive(friend).getPort()).isEqualTo(3074);

            var sending = new AtomicBoolean(true);
            var sender = Thread.ofPlatform().start(() -> sendWhile(sending, game, friend.getLocalPort()));
            try {
                chain.home().upnpcSucceeds("-d", "3074", "UDP");
            } finally {
                sending.set(false);
                sender.join();
            }

            DatagramPacket packet;
            do { // the friend's buffer may be full: each one taken makes room for one more
                send(game, "after", Stranger.ADDRESS, friend.getLocalPort());
                packet = receive(friend);
            } while (!text(packet).equals("after"));
            assertThat(packet.getAddress().getHostAddress()).isEqualTo(Stranger.PUBLIC);
            assertThat(packet.getPort()).isGreaterThan(32_767);
        }
    }

    private static void sendWhile(AtomicBoolean sending, DatagramSocket from, int port) {
        try {
            while (sending.get()) {
                send(from, "meanwhile", Stranger.ADDRESS, port);
                LockSupport.parkNanos(100_000);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertNothingIn(DatagramSocket socket) throws SocketException {
        socket.setSoTimeout(1);
        assertThatThrownBy(() -> receive(socket)).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void aLeaseThatEndsClosesThePort() throws Exception {
        int before = chain.home().gateway().printed();
        chain.home().upnpcSucceeds("-a", "192.168.1.10", "8080", "8080", "TCP", "2");
        try (var _ = new TcpService(lan(), 8080);
                var connection = stranger.connect(8080)) {
            TcpService.ask(connection, "while it lasts");
            chain.home().gateway().await("closed TCP 8080", before);
            stranger.nobodyAnswers(8080);
        }
    }

    @Test
    @Proves("igd:I-ADD-11")
    void oneServiceCanHaveTwoPorts() throws Exception {
        chain.home().open("TCP", 8080);
        chain.home().upnpcSucceeds("-a", "192.168.1.10", "8080", "9090", "TCP");
        try (var _ = new TcpService(lan(), 8080);
                var first = stranger.connect(8080);
                var second = stranger.connect(9090)) {
            assertThat(TcpService.ask(first, "one")).startsWith("one from /" + Stranger.ADDRESS);
            assertThat(TcpService.ask(second, "two")).startsWith("two from /" + Stranger.ADDRESS);
        }
    }

    @Test
    void aHostAtHomeReachesItsNeighbourByThePublicAddress() throws Exception {
        chain.home().open("TCP", 8080);
        chain.home().open("UDP", 3074);
        try (var _ = new TcpService(lan(), 8080);
                var game = lan().udp(3074);
                var neighbour = chain.lab().host("lan2").udp(0);
                var connection = chain.lab().host("lan2").connect(Stranger.PUBLIC, 8080)) {
            assertThat(TcpService.ask(connection, "hello")).startsWith("hello from /" + Stranger.PUBLIC + ":");
            send(neighbour, "hello", Stranger.PUBLIC, 3074);
            var hello = receive(game);
            assertThat(hello.getAddress().getHostAddress()).isEqualTo(Stranger.PUBLIC);
            send(game, "welcome", Stranger.PUBLIC, hello.getPort());
            assertThat(receive(neighbour).getSocketAddress()).isEqualTo(new InetSocketAddress(Stranger.PUBLIC, 3074));
        }
    }

    @Test
    void theNeighboursGetAPortEach() throws Exception {
        var neighbours = chain.secondHome();
        chain.home().open("TCP", 8080);
        var taken = neighbours.upnpc("-a", "192.168.1.10", "8080", "8080", "TCP");
        assertThat(taken.exitCode()).isNotZero();
        assertThat(taken.output()).contains("failed with code 718 (ConflictInMappingEntry)");
        neighbours.upnpcSucceeds("-a", "192.168.1.10", "8080", "8081", "TCP");
        try (var _ = new TcpService(lan(), 8080);
                var theirs = new TcpService(chain.lab().host("home2"), 8080);
                var ourConnection = stranger.connect(8080);
                var theirConnection = stranger.connect(8081)) {
            TcpService.ask(ourConnection, "to us");
            TcpService.ask(theirConnection, "to them");
            assertThat(theirs.received()).containsExactly("to them");
            chain.agrees();
        } finally {
            neighbours.closePorts();
            chain.agrees();
            chain.endSecondHome();
        }
    }
}
