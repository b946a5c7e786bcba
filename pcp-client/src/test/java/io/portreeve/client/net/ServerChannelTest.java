package io.portreeve.client.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.client.ServerAddress;
import io.portreeve.client.net.InterfaceAddress.Condition;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A host, and its router at the other end of a cable. */
@ExtendWith(OwnNetwork.class)
class ServerChannelTest {
    private static final int ETH0 = 10;
    private static final int PORT = 5351;
    private static final ServerAddress ROUTER = new ServerAddress(PcpAddress.parse("fe80::1"), ETH0, 5351);
    private static final PcpAddress GUA = PcpAddress.parse("2001:db8:1::2");

    private Neighbour router;
    private DatagramChannel server;
    private RoutingSocket network;

    @BeforeEach
    void plugIn() throws Exception {
        router = new Neighbour();
        router.plugIn("eth0", ETH0);
        router.ip("""
                address add fe80::1/64 dev eth0 nodad
                address add 192.0.2.1/24 dev eth0
                route add 2001:db8:1::/64 dev eth0
                """);
        server = router.inside(() -> DatagramChannel.open().bind(new InetSocketAddress(PORT)))
                .get();
        Ip.batch("""
                address add 192.0.2.2/24 dev eth0
                route add default via fe80::1 dev eth0
                """);
        network = RoutingSocket.open();
    }

    @AfterEach
    void pullOut() throws IOException {
        network.close();
        server.close();
        router.close();
    }

    private PcpAddress seenSource(ServerChannel channel) throws Exception {
        channel.send(new byte[4]);
        SocketAddress source =
                router.inside(() -> server.receive(ByteBuffer.allocate(9))).get(60, TimeUnit.SECONDS);
        return PcpAddress.of(((InetSocketAddress) source).getAddress());
    }

    @Test
    @Proves("pcp:C-REQ-14")
    void asksALinkLocalRouterFromAGlobalAddress() throws Exception {
        Ip.batch("""
                address add fe80::2/64 dev eth0 nodad
                address add fd00::2/64 dev eth0 nodad
                address add 2001:db8:1::2/64 dev eth0 nodad
                """);
        try (var channel = ServerChannel.connect(ROUTER, network.read())) {
            assertThat(channel.source()).isEqualTo(GUA);
            assertThat(seenSource(channel)).isEqualTo(GUA);
        }
    }

    @Test
    void asksWhomTheRoutesLeadTo() throws Exception {
        Ip.batch("""
                address add 2001:db8:1::2/64 dev eth0 nodad
                route add default via 192.0.2.1
                """);
        var found = new ServerLocator(List.of(), List.of()).servers(network.read());
        var sources = new ArrayList<PcpAddress>();
        for (var known : found) {
            try (var channel = ServerChannel.connect(known.addresses().getFirst(), network.read())) {
                sources.add(seenSource(channel));
            }
        }
        assertThat(sources).containsExactly(GUA, PcpAddress.parse("192.0.2.2"));
    }

    @Test
    void asksFromTheAddressThatIsMadeForPrivacy() throws Exception {
        Files.writeString(Path.of("/proc/sys/net/ipv6/conf/eth0/use_tempaddr"), "2");
        Ip.batch("address add 2001:db8:1::2/64 dev eth0 nodad mngtmpaddr");
        Await.until("there is one", () -> !temporary().isEmpty());
        try (var channel = ServerChannel.connect(ROUTER, network.read())) {
            assertThat(List.of(seenSource(channel))).isEqualTo(temporary());
        }
    }

    private List<PcpAddress> temporary() throws IOException {
        return network.read().addresses().stream()
                .filter(it -> it.is(Condition.TEMPORARY) && it.isUsable())
                .map(InterfaceAddress::address)
                .toList();
    }

    @Test
    void leavesTheAddressOfIpv4ToTheKernel() throws Exception {
        try (var channel =
                ServerChannel.connect(new ServerAddress(PcpAddress.parse("192.0.2.1"), 0, 5351), network.read())) {
            assertThat(seenSource(channel)).isEqualTo(PcpAddress.parse("192.0.2.2"));
        }
    }

    @Test
    void asksFromTheAddressItIsTold() throws Exception {
        Ip.batch("address add 192.0.2.3/24 dev eth0");
        var other = PcpAddress.parse("192.0.2.3");
        try (var channel = ServerChannel.connect(new InetSocketAddress("192.0.2.1", PORT), other)) {
            assertThat(seenSource(channel)).isEqualTo(other);
        }
        Ip.batch("address del 192.0.2.3/24 dev eth0");
        assertThatThrownBy(() -> ServerChannel.connect(new InetSocketAddress("192.0.2.1", PORT), other))
                .isInstanceOf(IOException.class);
    }

    /** Each is closed before the next is opened: they differ because they are random. */
    @Test
    void portsOfAnAddressItIsToldAreRandom() throws Exception {
        Ip.batch("address add 2001:db8:1::2/64 dev eth0 nodad");
        var ports = new ArrayList<Integer>();
        for (int i = 0; i < 20; i++) {
            try (var channel = ServerChannel.connect(ROUTER, network.read())) {
                channel.send(new byte[4]);
                var source = router.inside(() -> server.receive(ByteBuffer.allocate(9)))
                        .get(60, TimeUnit.SECONDS);
                ports.add(((InetSocketAddress) source).getPort());
            }
        }
        assertThat(new HashSet<>(ports)).as("all but the same by chance").hasSizeGreaterThan(15);
    }

    /** The stranger speaks first, from the server's own address. */
    @Test
    @Proves("pcp:C-RSP-01")
    void hearsTheAddressAndPortItAsksAndNoOther() throws Exception {
        try (var channel = ServerChannel.connect(
                        new ServerAddress(PcpAddress.parse("192.0.2.1"), 0, PORT), network.read());
                var stranger = router.inside(() -> DatagramChannel.open().bind(new InetSocketAddress(PORT + 1)))
                        .get()) {
            channel.send(new byte[4]);
            var client =
                    router.inside(() -> server.receive(ByteBuffer.allocate(9))).get(60, TimeUnit.SECONDS);
            stranger.send(ByteBuffer.wrap(new byte[] {1}), client);
            server.send(ByteBuffer.wrap(new byte[] {2}), client);
            var heard = new ArrayList<ByteBuffer>();
            Await.until(
                    "something is heard",
                    () -> channel.receive().map(heard::add).isPresent());
            channel.receive().ifPresent(heard::add);
            assertThat(heard).containsExactly(ByteBuffer.wrap(new byte[] {2}));
        }
    }
}
