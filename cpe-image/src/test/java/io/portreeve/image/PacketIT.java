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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packets from the Internet go through the NAT of the CGN and that of the gateway to a host at home, if it asked for them. */
class PacketIT {
    private static final String PUBLIC = "203.0.114.1";
    private static final String ON_THE_INTERNET = "198.51.100.10";

    private static final Pattern COUNTER = Pattern.compile("counter packets (\\d+)");

    private static Chain chain;

    @BeforeAll
    static void start(@TempDir Path work) throws Exception {
        chain = Chain.translating(work);
    }

    @AfterAll
    static void end() throws Exception {
        try (var ending = chain) {
            ending.agrees();
        }
    }

    @AfterEach
    void allAgree() throws Exception {
        try {
            chain.agrees();
        } finally {
            chain.home().closePorts();
        }
    }

    private static Host inet() {
        return chain.lab().host("inet");
    }

    private static Host lan() {
        return chain.lab().host("lan");
    }

    private static void open(String protocol, int port) throws Exception {
        chain.home().upnpcSucceeds("-a", "192.168.1.10", "" + port, "" + port, protocol);
    }

    /** The CGN drops the first packet of a connection and says nothing. */
    private static void nobodyAnswers(int port) throws Exception {
        long before = dropped();
        try (var probe = inet().connecting(PUBLIC, port)) {
            Await.until("the CGN drops what comes to port " + port, () -> {
                assertThat(probe.finishConnect())
                        .as("somebody answers at port " + port)
                        .isFalse();
                return dropped() > before;
            });
        }
    }

    /** {@return how many packets have come to addresses of the CGN that belonged to nothing} */
    private static long dropped() throws Exception {
        var chain = PacketIT.chain.lab().inside("cgn", "nft", "list", "chain", "ip", "portreeve_cgn", "unsolicited");
        var counter = COUNTER.matcher(chain.run().output());
        assertThat(counter.find()).isTrue();
        return Long.parseLong(counter.group(1));
    }

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
            nobodyAnswers(8080);
            open("TCP", 8080);
            try (var connection = inet().connect(PUBLIC, 8080)) {
                assertThat(TcpService.ask(connection, "hello")).startsWith("hello from /" + ON_THE_INTERNET + ":");
            }
            chain.home().upnpcSucceeds("-d", "8080", "TCP");
            nobodyAnswers(8080);
        }
    }

    @Test
    void aDatagramComesThroughAndItsAnswerGoesBack() throws Exception {
        open("UDP", 3074);
        try (var game = lan().udp(3074);
                var friend = inet().udp(0)) {
            send(friend, "hello", PUBLIC, 3074);
            var hello = receive(game);
            assertThat(text(hello)).isEqualTo("hello");
            assertThat(hello.getAddress().getHostAddress()).isEqualTo(ON_THE_INTERNET);
            send(game, "welcome", ON_THE_INTERNET, hello.getPort());
            var welcome = receive(friend);
            assertThat(text(welcome)).isEqualTo("welcome");
            assertThat(welcome.getSocketAddress()).isEqualTo(new InetSocketAddress(PUBLIC, 3074));
        }
    }

    @Test
    void whatTheServiceSendsToAnybodyComesFromItsPublicPort() throws Exception {
        // not the port it has at home, which masquerading would keep without being told
        chain.home().upnpcSucceeds("-a", "192.168.1.10", "5000", "3074", "UDP");
        try (var game = lan().udp(5000);
                var friend = inet().udp(0);
                var stranger = inet().udp(0)) {
            for (var other : new DatagramSocket[] {friend, stranger}) {
                send(game, "knock", ON_THE_INTERNET, other.getLocalPort());
                assertThat(receive(other).getSocketAddress()).isEqualTo(new InetSocketAddress(PUBLIC, 3074));
            }
        }
    }

    @Test
    void otherTrafficLeavesWithPortsThatNobodyCanBeGiven() throws Exception {
        try (var client = lan().udp(5000);
                var server = inet().udp(0)) {
            send(client, "hello", ON_THE_INTERNET, server.getLocalPort());
            var hello = receive(server);
            assertThat(hello.getAddress().getHostAddress()).isEqualTo(PUBLIC);
            assertThat(hello.getPort()).isGreaterThan(32_767);
        }
    }

    @Test
    void aClosedPortCutsItsConnections() throws Exception {
        open("TCP", 8080);
        open("UDP", 3074);
        open("UDP", 3075);
        try (var service = new TcpService(lan(), 8080);
                var game = lan().udp(3074);
                var other = lan().udp(3075);
                var friend = inet().udp(0);
                var connection = inet().connect(PUBLIC, 8080)) {
            TcpService.ask(connection, "before");
            send(friend, "before", PUBLIC, 3074);
            assertThat(text(receive(game))).isEqualTo("before");

            chain.home().upnpcSucceeds("-d", "8080", "TCP");
            chain.home().upnpcSucceeds("-d", "3074", "UDP");
            TcpService.say(connection, "after");
            send(friend, "after", PUBLIC, 3074);

            // One way for all packets: when this one has come, those before it have too, or never will.
            send(friend, "marker", PUBLIC, 3075);
            assertThat(text(receive(other))).isEqualTo("marker");
            assertThat(service.received()).containsExactly("before");
            assertNothingIn(game);
        }
    }

    /** The service never stops sending, so that every moment of the closing meets a packet of its own. */
    @Test
    void aClosedPortIsNotSentFromEither() throws Exception {
        open("UDP", 3074);
        try (var game = lan().udp(3074);
                var friend = inet().udp(0)) {
            send(game, "before", ON_THE_INTERNET, friend.getLocalPort());
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
                send(game, "after", ON_THE_INTERNET, friend.getLocalPort());
                packet = receive(friend);
            } while (!text(packet).equals("after"));
            assertThat(packet.getAddress().getHostAddress()).isEqualTo(PUBLIC);
            assertThat(packet.getPort()).isGreaterThan(32_767);
        }
    }

    private static void sendWhile(AtomicBoolean sending, DatagramSocket from, int port) {
        try {
            while (sending.get()) {
                send(from, "meanwhile", ON_THE_INTERNET, port);
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
                var connection = inet().connect(PUBLIC, 8080)) {
            TcpService.ask(connection, "while it lasts");
            chain.home().gateway().await("closed TCP 8080", before);
            nobodyAnswers(8080);
        }
    }

    /** The provider's grant ends by itself when nobody renews it, and so do the connections. */
    @Test
    void whatADeadGatewayLeftEndsToo() throws Exception {
        chain.home().upnpcSucceeds("-a", "192.168.1.10", "8080", "8080", "TCP", "4");
        try (var _ = new TcpService(lan(), 8080)) {
            try (var connection = inet().connect(PUBLIC, 8080)) {
                TcpService.ask(connection, "while it lasts");
                chain.home().gateway().kill();
                Await.until("the provider's grant ends", () -> {
                    TcpService.say(connection, "still there?");
                    return chain.cgnTable().isEmpty();
                });
                // or what it sends again would be dropped in place of the probe
                connection.setSoLinger(true, 0);
            }
            nobodyAnswers(8080);
        } finally {
            chain.home().startGateway();
        }
    }

    @Test
    @Proves("igd:I-ADD-11")
    void oneServiceCanHaveTwoPorts() throws Exception {
        open("TCP", 8080);
        chain.home().upnpcSucceeds("-a", "192.168.1.10", "8080", "9090", "TCP");
        try (var _ = new TcpService(lan(), 8080);
                var first = inet().connect(PUBLIC, 8080);
                var second = inet().connect(PUBLIC, 9090)) {
            assertThat(TcpService.ask(first, "one")).startsWith("one from /" + ON_THE_INTERNET);
            assertThat(TcpService.ask(second, "two")).startsWith("two from /" + ON_THE_INTERNET);
        }
    }

    @Test
    void aHostAtHomeReachesItsNeighbourByThePublicAddress() throws Exception {
        open("TCP", 8080);
        open("UDP", 3074);
        try (var _ = new TcpService(lan(), 8080);
                var game = lan().udp(3074);
                var neighbour = chain.lab().host("lan2").udp(0);
                var connection = chain.lab().host("lan2").connect(PUBLIC, 8080)) {
            assertThat(TcpService.ask(connection, "hello")).startsWith("hello from /" + PUBLIC + ":");
            send(neighbour, "hello", PUBLIC, 3074);
            var hello = receive(game);
            assertThat(hello.getAddress().getHostAddress()).isEqualTo(PUBLIC);
            send(game, "welcome", PUBLIC, hello.getPort());
            assertThat(receive(neighbour).getSocketAddress()).isEqualTo(new InetSocketAddress(PUBLIC, 3074));
        }
    }

    @Test
    void theNeighboursGetAPortEach() throws Exception {
        var neighbours = chain.secondHome();
        open("TCP", 8080);
        var taken = neighbours.upnpc("-a", "192.168.1.10", "8080", "8080", "TCP");
        assertThat(taken.exitCode()).isNotZero();
        assertThat(taken.output()).contains("failed with code 718 (ConflictInMappingEntry)");
        neighbours.upnpcSucceeds("-a", "192.168.1.10", "8080", "8081", "TCP");
        try (var _ = new TcpService(lan(), 8080);
                var theirs = new TcpService(chain.lab().host("home2"), 8080);
                var ourConnection = inet().connect(PUBLIC, 8080);
                var theirConnection = inet().connect(PUBLIC, 8081)) {
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

    @Test
    void aFlushedRulesetIsBuiltAnewAndNobodyHearsOfIt() throws Exception {
        open("TCP", 8080);
        long epoch = chain.epoch();
        int before = chain.server().printed();
        var firmware = chain.lab()
                .inside("cpe", "nft", "list", "table", "ip", "firmware")
                .run()
                .output();
        try (var _ = new TcpService(lan(), 8080);
                var connection = inet().connect(PUBLIC, 8080)) {
            for (var router : new String[] {"cgn", "cpe"}) {
                chain.lab().inside(router, "nft", "flush", "ruleset").run();
                (router.equals("cgn") ? chain.server() : chain.home().gateway()).await("built anew");
                assertThat(TcpService.ask(connection, "old")).startsWith("old from");
                try (var another = inet().connect(PUBLIC, 8080)) {
                    assertThat(TcpService.ask(another, "new")).startsWith("new from");
                }
            }
            assertThat(chain.server().lines().subList(before, chain.server().printed()))
                    .as("nobody asked for anything again; a delete may have been under way")
                    .noneMatch(line -> line.contains("wants "));
            assertThat(chain.epoch()).isGreaterThanOrEqualTo(epoch);
        } finally {
            chain.lab().inside("cpe", "nft", firmware).run();
        }
    }

    @Test
    void aConnectionOutlivesTheServer() throws Exception {
        open("TCP", 8080);
        try (var _ = new TcpService(lan(), 8080);
                var connection = inet().connect(PUBLIC, 8080)) {
            TcpService.ask(connection, "before");
            chain.killIdleServer();
            assertThat(TcpService.ask(connection, "meanwhile")).startsWith("meanwhile from");
            chain.startServer();
            assertThat(TcpService.ask(connection, "after")).startsWith("after from");
            try (var another = inet().connect(PUBLIC, 8080)) {
                assertThat(TcpService.ask(another, "new")).startsWith("new from");
            }
        }
    }

    @Test
    void aConnectionOutlivesTheGateway() throws Exception {
        open("TCP", 8080);
        try (var _ = new TcpService(lan(), 8080);
                var connection = inet().connect(PUBLIC, 8080)) {
            TcpService.ask(connection, "before");
            chain.home().gateway().kill();
            assertThat(TcpService.ask(connection, "meanwhile")).startsWith("meanwhile from");
            chain.home().startGateway();
            assertThat(TcpService.ask(connection, "after")).startsWith("after from");
            try (var another = inet().connect(PUBLIC, 8080)) {
                assertThat(TcpService.ask(another, "new")).startsWith("new from");
            }
        }
    }

    /** The gateway learns of it by the epoch in the next answer, whatever that answers. */
    @Test
    void portsComeBackToAServerThatForgot() throws Exception {
        open("TCP", 8080);
        Await.until("the new epoch cannot pass for the old one that went on", () -> chain.epoch() > 3);
        try (var _ = new TcpService(lan(), 8080)) {
            chain.killIdleServer();
            chain.deleteServerState();
            chain.startServer();
            assertThat(chain.cgnTable()).isEmpty();
            nobodyAnswers(8080);

            open("UDP", 3074);
            Await.until("the mapping is made again", () -> chain.cgnTable().size() == 2);
            try (var connection = inet().connect(PUBLIC, 8080)) {
                assertThat(TcpService.ask(connection, "hello")).startsWith("hello from");
            }
        }
    }

    /** While the gateway is dead, its NAT is tampered with. */
    @Test
    void twentyPortsOutliveTheGateway() throws Exception {
        var services = new ArrayList<TcpService>();
        try {
            for (int port = 8100; port < 8120; port++) {
                open("TCP", port);
                services.add(new TcpService(lan(), port));
            }
            chain.home().gateway().kill();
            tamper("delete", "inbound { tcp . 8100 : 192.168.1.10 . 8100 }");
            tamper("delete", "outbound { tcp . 192.168.1.10 . 8101 : 8101 }");
            tamper("add", "inbound { tcp . 7000 : 192.168.1.10 . 8102 }");
            chain.home().startGateway();
            for (int port = 8100; port < 8120; port++) {
                try (var connection = inet().connect(PUBLIC, port)) {
                    assertThat(TcpService.ask(connection, "hello")).startsWith("hello from");
                }
            }
            assertThat(chain.home().entries()).hasSize(20);
            // with other nonces than those of the mappings the server would refuse this
            chain.home().closePorts();
            assertThat(chain.cgnTable()).isEmpty();
        } finally {
            for (var service : services) {
                service.close();
            }
        }
    }

    private static void tamper(String what, String element) throws Exception {
        var words = ("nft " + what + " element ip portreeve_nat " + element).split(" ");
        var result = chain.lab().inside("cpe", words).run();
        assertThat(result.exitCode()).as("%s", result).isZero();
    }
}
