package io.portreeve.client.threads;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ServerAddress;
import io.portreeve.client.engine.ClientEvent;
import io.portreeve.client.net.Ip;
import io.portreeve.client.net.NetworkState;
import io.portreeve.client.net.RouteWatcher;
import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.OwnNetwork;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A host with two interfaces, and two addresses on the first of them. */
@ExtendWith(OwnNetwork.class)
class ChannelsTest {
    private static final ServerAddress FAR = ServerAddress.at(PcpAddress.parse("203.0.113.1"), 5351);
    private static final PcpAddress FIRST = PcpAddress.parse("192.0.2.2");
    private static final PcpAddress SECOND = PcpAddress.parse("192.0.2.3");
    private static final PcpAddress OTHER_LINK = PcpAddress.parse("198.51.100.2");
    private static final PcpAddress LOOPBACK = PcpAddress.parse("127.0.0.1");

    private final List<ClientEvent> inbox = new ArrayList<>();
    private ResponseListener listener;
    private Channels channels;

    @BeforeEach
    void plugIn() throws Exception {
        Ip.batch("""
                link add name eth0 index 10 type veth peer name far0 index 11
                link add name eth1 index 12 type veth peer name far1 index 13
                link set far0 up
                link set far1 up
                link set eth0 up
                link set eth1 up
                address add 192.0.2.2/24 dev eth0
                address add 192.0.2.3/24 dev eth0
                address add 198.51.100.2/24 dev eth1
                route add default via 192.0.2.1
                """);
        listener = new ResponseListener(inbox::add, failure -> {
            throw new AssertionError(failure);
        });
        channels = new Channels(listener, inbox::add);
    }

    @AfterEach
    void pullOut() {
        channels.close();
        listener.close();
    }

    private static NetworkState network() throws Exception {
        var told = new CompletableFuture<NetworkState>();
        try (var _ = RouteWatcher.start(told::complete, told::completeExceptionally)) {
            return told.get(60, TimeUnit.SECONDS);
        }
    }

    private ClientEvent connect(Channels those, ServerAddress server) throws Exception {
        those.follow(network());
        those.connect(server);
        return inbox.getLast();
    }

    private ClientEvent connect() throws Exception {
        return connect(channels, FAR);
    }

    private static ClientEvent from(PcpAddress source) {
        return new ClientEvent.Connected(FAR, source);
    }

    @Test
    @Proves("pcp:C-REQ-15")
    void asksFromWhereItAskedBeforeAsLongAsThatAddressIsThere() throws Exception {
        assertThat(connect()).isEqualTo(from(FIRST));
        Ip.batch("route replace default via 192.0.2.1 src 192.0.2.3");
        assertThat(connect()).isEqualTo(from(FIRST));
        try (var others = new Channels(listener, inbox::add)) {
            assertThat(connect(others, FAR)).as("who begins now").isEqualTo(from(SECOND));
        }
        Ip.batch("address del 192.0.2.2/24 dev eth0");
        Ip.batch("address add 192.0.2.3/24 dev eth0"); // it was the first one's, and went with it
        Ip.batch("route replace default via 192.0.2.1");
        assertThat(connect()).isEqualTo(from(SECOND));
    }

    @Test
    @Proves("pcp:C-REQ-15")
    void asksThroughTheSameInterfaceUntilTheWayLeadsThroughAnother() throws Exception {
        connect();
        Ip.batch("route add default via 198.51.100.1 metric 9");
        assertThat(connect()).isEqualTo(from(FIRST));
        Ip.batch("route del default via 192.0.2.1");
        assertThat(connect()).isEqualTo(from(OTHER_LINK));
    }

    @Test
    void remembersWhereItAskedFromWhileThereIsNoWay() throws Exception {
        connect();
        Ip.batch("route del default");
        assertThat(connect()).isEqualTo(new ClientEvent.Unreachable(FAR));
        Ip.batch("route add default via 192.0.2.1 src 192.0.2.3");
        assertThat(connect()).isEqualTo(from(FIRST));
    }

    private static PcpRequest request(PcpAddress client) {
        return new AnnounceRequest(client, List.of());
    }

    @Test
    void keepsTheSocketOfAWayThatStays() throws Exception {
        try (var server = DatagramChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
            var address = ServerAddress.at(LOOPBACK, ((InetSocketAddress) server.getLocalAddress()).getPort());
            connect(channels, address);
            channels.send(address, request(LOOPBACK));
            assertThat(connect(channels, address)).isEqualTo(new ClientEvent.Connected(address, LOOPBACK));
            channels.send(address, request(LOOPBACK));
            var before = server.receive(ByteBuffer.allocate(100));
            assertThat(server.receive(ByteBuffer.allocate(100))).isEqualTo(before);
        }
    }

    @Test
    @Proves("pcp:C-REQ-02")
    void sendsNothingThatNamesAnotherSource() throws Exception {
        try (var server = DatagramChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
            server.configureBlocking(false);
            var address = ServerAddress.at(LOOPBACK, ((InetSocketAddress) server.getLocalAddress()).getPort());
            connect(channels, address);
            channels.send(address, request(FIRST));
            assertThat(server.receive(ByteBuffer.allocate(100))).isNull();
            channels.send(address, request(LOOPBACK));
            assertThat(server.receive(ByteBuffer.allocate(100))).isNotNull();
        }
    }
}
