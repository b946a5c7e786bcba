package io.portreeve.client.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.requirements.Proves;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import io.portreeve.testing.Seeds;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A host with clients, and two servers, each at the other end of a cable. */
@ExtendWith(OwnNetwork.class)
class AnnounceListenerTest {
    private static final int ETH0 = 10;
    private static final int ETH1 = 11;

    /** An unsolicited ANNOUNCE response of a server that has just started. */
    private static final String ANNOUNCE = "0280" + "00".repeat(22);

    private static final String FROM_IPV4 = "192.0.2.1:5351 " + ANNOUNCE;
    private static final String FROM_IPV6 = "[fe80:0:0:0:0:0:0:1%10]:5351 " + ANNOUNCE;

    /** What the kernel lists as bound to a group and the port. */
    private static final String IPV4_SOCKET = "010000E0:14E6";

    private static final String IPV6_SOCKET = "000002FF000000000000000001000000:14E6";

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private RoutingSocket network;
    private Neighbour server;
    private DatagramChannel ipv4Server;
    private DatagramChannel ipv6Server;

    @BeforeEach
    void plugIn() throws Exception {
        network = kept(RoutingSocket.open());
        server = server("eth0", ETH0, "192.0.2");
        ipv4Server = serverSocket(server, InetAddress.ofLiteral("192.0.2.1"));
        ipv6Server = serverSocket(server, onCable("fe80::1"));
    }

    private <T extends AutoCloseable> T kept(T opened) {
        open.addFirst(opened);
        return opened;
    }

    private Neighbour server(String link, int index, String prefix) throws Exception {
        var neighbour = kept(new Neighbour());
        neighbour.plugIn(link, index);
        neighbour.ip("""
                address add fe80::1/64 dev eth0 nodad
                address add %1$s.1/24 dev eth0
                route add 224.0.0.0/4 dev eth0
                """.formatted(prefix));
        Ip.batch("""
                address add fe80::2/64 dev %1$s nodad
                address add %2$s.2/24 dev %1$s
                """.formatted(link, prefix));
        return neighbour;
    }

    private DatagramChannel serverSocket(Neighbour at, InetAddress address) throws Exception {
        var family = address instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        return kept(at.inside(() -> DatagramChannel.open(family).bind(new InetSocketAddress(address, 5351)))
                .get());
    }

    /** {@return a link-local address, as the server writes it} */
    private static InetAddress onCable(String address) throws IOException {
        return Inet6Address.getByAddress(null, InetAddress.ofLiteral(address).getAddress(), ETH0 + 100);
    }

    @AfterEach
    void pullOut() throws Exception {
        for (var opened : open) {
            opened.close();
        }
        assertThat(failures).isEmpty();
    }

    private AnnounceListener listener(List<String> heard) throws IOException {
        return kept(AnnounceListener.start(
                (source, octets) -> heard.add(source + " " + HexFormat.of().formatHex(octets.array())), failures::add));
    }

    private AnnounceListener following(List<String> heard) throws IOException {
        var listener = listener(heard);
        listener.follow(network.read());
        return listener;
    }

    private static void send(String octets, DatagramChannel from, InetSocketAddress to) throws IOException {
        from.send(ByteBuffer.wrap(HexFormat.of().parseHex(octets)), to);
    }

    private static InetSocketAddress allHosts() {
        return new InetSocketAddress(InetAddress.ofLiteral("224.0.0.1"), 5350);
    }

    private static InetSocketAddress allNodes() throws IOException {
        return new InetSocketAddress(onCable("ff02::1"), 5350);
    }

    private void announce() throws IOException {
        send(ANNOUNCE, ipv4Server, allHosts());
        send(ANNOUNCE, ipv6Server, allNodes());
    }

    @Test
    @Proves("pcp:C-RR-01")
    void allClientsOfAHostHearWhatIsSaidInEitherFamily() throws Exception {
        var one = new CopyOnWriteArrayList<String>();
        var other = new CopyOnWriteArrayList<String>();
        following(one);
        following(other);
        var anotherProgram = kept(DatagramChannel.open(StandardProtocolFamily.INET));
        anotherProgram.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        anotherProgram.bind(new InetSocketAddress(5350));
        following(new CopyOnWriteArrayList<>());
        announce();
        Await.until("both heard both", () -> one.size() == 2 && other.size() == 2);
        assertThat(one).containsExactlyInAnyOrder(FROM_IPV4, FROM_IPV6);
        assertThat(other).containsExactlyInAnyOrder(FROM_IPV4, FROM_IPV6);
    }

    /** It is said to this host alone, and to another program of it. */
    @Test
    void whatIsSaidToTheHostAloneIsNotTaken() throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        following(heard);
        try (var asking = server.inside(() -> DatagramChannel.open(StandardProtocolFamily.INET)
                        .connect(new InetSocketAddress("192.0.2.2", 5350)))
                .get()) {
            asking.write(ByteBuffer.allocate(24));
            assertThatThrownBy(() -> asking.read(ByteBuffer.allocate(24))).isInstanceOf(PortUnreachableException.class);
        }
        assertThat(heard).isEmpty();
    }

    @Test
    @Proves("pcp:B-WIRE-01")
    void listensWhereTheNetworkIs() throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        var listener = listener(heard);
        awaitSockets(0, 0);
        listener.follow(network.read());
        awaitSockets(1, 1);
        var second = server("eth1", ETH1, "198.51.100");
        listener.follow(network.read());
        awaitSockets(2, 2);
        send(ANNOUNCE, serverSocket(second, InetAddress.ofLiteral("198.51.100.1")), allHosts());
        Await.until("the second is heard", () -> heard.contains("198.51.100.1:5351 " + ANNOUNCE));
        Ip.batch("link set eth0 down");
        listener.follow(network.read());
        awaitSockets(1, 1);
        Ip.batch("""
                link set eth0 up
                address add fe80::2/64 dev eth0 nodad
                link set eth1 multicast off
                """);
        listener.follow(network.read());
        awaitSockets(1, 1);
        heard.clear();
        server.awaitCable("eth0");
        announce();
        Await.until("it is heard again", () -> heard.size() == 2);
        Ip.batch("address del 192.0.2.2/24 dev eth0");
        listener.follow(network.read());
        awaitSockets(0, 1);
        listener.close();
        awaitSockets(0, 0);
        listener.follow(network.read());
        awaitSockets(0, 0);
    }

    private static void awaitSockets(int ipv4, int ipv6) throws Exception {
        Await.until(
                "%d sockets for IPv4, %d for IPv6".formatted(ipv4, ipv6),
                () -> sockets("udp", IPV4_SOCKET) == ipv4 && sockets("udp6", IPV6_SOCKET) == ipv6);
    }

    private static long sockets(String file, String local) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/thread-self/net", file))) {
            return lines.filter(line -> line.contains(local)).count();
        }
    }

    /** Else each client would hear everything as often as there are links. */
    @Test
    void hearsNothingOnALinkItDoesNotFollow() throws Exception {
        var known = network.read();
        var second = server("eth1", ETH1, "198.51.100");
        var stranger = serverSocket(second, InetAddress.ofLiteral("198.51.100.1"));
        var heard = new CopyOnWriteArrayList<String>();
        var all = new CopyOnWriteArrayList<String>();
        listener(heard).follow(known);
        following(all);
        send(ANNOUNCE, stranger, allHosts());
        Await.until("another one heard it", () -> all.size() == 1);
        send(ANNOUNCE, ipv4Server, allHosts());
        Await.until("its own is heard", () -> !heard.isEmpty());
        assertThat(heard).containsExactly(FROM_IPV4);
    }

    @Test
    void whateverIsSaidItGoesOnListening() throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        var listener = kept(AnnounceListener.start(
                (source, octets) -> {
                    heard.add(source + " " + HexFormat.of().formatHex(octets.array()));
                    throw new IllegalStateException("whoever hears is at fault");
                },
                failures::add));
        listener.follow(network.read());
        Seeds.each(20, random -> {
            var octets = new byte[random.nextInt(3000)];
            random.nextBytes(octets);
            int before = heard.size();
            try {
                ipv4Server.send(ByteBuffer.wrap(octets), allHosts());
                Await.until("it is heard", () -> heard.size() > before);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            assertThat(heard.getLast()).hasSize(15 + 2 * Math.min(octets.length, 2048));
        });
        announce();
        Await.until("it is still there", () -> heard.containsAll(List.of(FROM_IPV4, FROM_IPV6)));
    }

    @Test
    void listensElsewhereIfItCannotOnOneLink() throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        var listener = listener(heard);
        var state = network.read();
        var gone = state.link(ETH0).stream().map(link -> new Link(99, "gone", link.properties()));
        var its = state.addresses().stream()
                .filter(it -> it.interfaceIndex() == ETH0)
                .map(it -> new InterfaceAddress(
                        99, it.address(), it.prefixLength(), it.scope(), it.conditions(), it.peer()));
        listener.follow(new NetworkState(
                Stream.concat(gone, state.links().stream()).toList(),
                Stream.concat(its, state.addresses().stream()).toList(),
                List.of()));
        announce();
        Await.until("the servers are heard", () -> heard.size() == 2);
        assertThat(heard).containsExactlyInAnyOrder(FROM_IPV4, FROM_IPV6);
    }

    @Test
    void whoeverWaitsForItHearsThatItHearsNothingAnyMore() throws Exception {
        var said = new ConcurrentLinkedQueue<Throwable>();
        var listener = kept(AnnounceListener.start(
                (_, _) -> {
                    throw new OutOfMemoryError("the end");
                },
                said::add));
        listener.follow(network.read());
        announce();
        Await.until("the failure is told", () -> !said.isEmpty());
        assertThat(said).singleElement().isInstanceOf(OutOfMemoryError.class);
    }
}
