package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A firewall in the kernel: which packets pass it. */
@ExtendWith(OwnNetwork.class)
final class NftablesFirewallTest extends FirewallContract {
    private static final Endpoint FRIEND = new Endpoint(FirewallNetwork.INTERNET, 7000);
    private static final Endpoint STRANGER = new Endpoint(FirewallNetwork.ELSEWHERE, 7000);
    private static final CgnFilter FRIEND_ONLY = new CgnFilter(128, FRIEND.address(), 0);

    private FirewallNetwork network;
    private Udp friend;
    private Udp stranger;

    @BeforeEach
    void begin() throws Exception {
        network = new FirewallNetwork();
        friend = network.outside(FRIEND.address(), FRIEND.port());
        stranger = network.outside(STRANGER.address(), STRANGER.port());
    }

    @AfterEach
    void close() throws IOException {
        network.close();
    }

    @Override
    HostedCgn cgn() {
        return network.firewall();
    }

    private PcpMapHandle map(IpProtocol protocol, Endpoint host) {
        var subscriber = done(cgn().getSubscriber(new SubscriberId(host.address())));
        return done(cgn().createPcpMapping(new CgnMapping(subscriber.handle(), protocol, host, host)));
    }

    /** {@return true if a datagram arrives; false if it is dropped} */
    private static boolean reaches(Udp from, Udp to, Endpoint at) throws Exception {
        int before = FirewallNetwork.dropped();
        from.send("in", at);
        var arrived = new boolean[1];
        Await.until("it arrives or is dropped", () -> {
            arrived[0] = to.hasReceived();
            return arrived[0] || FirewallNetwork.dropped() > before;
        });
        return arrived[0];
    }

    @Test
    @Proves("pcp:S-MAP-13")
    void fromOutsideOnlyWhatIsMappedIsReached() throws Exception {
        var host = network.inside(HOST);
        var other = new Endpoint(HOST.address(), 8081);
        var otherHost = network.inside(other);
        assertThat(reaches(stranger, host, HOST)).as("before").isFalse();
        var mapping = map(IpProtocol.UDP, HOST);
        assertThat(reaches(stranger, host, HOST)).isTrue();
        assertThat(reaches(stranger, otherHost, other)).as("another port").isFalse();
        done(cgn().deletePcpMapping(mapping));
        assertThat(reaches(stranger, host, HOST)).as("afterwards").isFalse();
    }

    @Test
    void anotherProtocolsMappingOpensNothing() throws Exception {
        map(IpProtocol.TCP, HOST);
        assertThat(reaches(stranger, network.inside(HOST), HOST)).isFalse();
    }

    @Test
    void aFilterSaysWhoGetsIn() throws Exception {
        var host = network.inside(HOST);
        var mapping = map(IpProtocol.UDP, HOST);
        var filter = done(cgn().createFilter(mapping, FRIEND_ONLY));
        assertThat(reaches(friend, host, HOST)).isTrue();
        assertThat(reaches(stranger, host, HOST)).isFalse();
        done(cgn().deleteFilter(filter));
        assertThat(reaches(stranger, host, HOST)).isTrue();
        done(cgn().createFilter(mapping, FRIEND_ONLY));
        assertThat(reaches(stranger, host, HOST)).as("what has begun").isFalse();
        done(cgn().deletePcpMapping(mapping));
        assertThat(reaches(friend, host, HOST)).isFalse();
        map(IpProtocol.UDP, HOST);
        assertThat(reaches(stranger, host, HOST))
                .as("the next mapping has none")
                .isTrue();
    }

    /** 2001:db8:9::10 and 11 differ in the last bit. */
    @ParameterizedTest
    @CsvSource({
        "128, 2001:db8:9::10, 7000, true,  false",
        "128, 2001:db8:9::10, 7001, false, false",
        "127, 2001:db8:9::11, 0,    true,  true",
        "127, 2001:db8:9::11, 7000, true,  true",
        "64,  2001:db8:9::,   0,    true,  true",
        "64,  2001:db8:8::,   0,    false, false",
        "63,  2001:db8:8::,   0,    false, false",
        "47,  2001:db8:8::,   0,    true,  true",
        "65,  2001:db8:9:0:8000::, 0, false, false",
        "1,   ::,             0,    true,  true",
        "1,   8000::,         0,    false, false"
    })
    void aPrefixAndAPortSayWhoGetsIn(int length, String prefix, int port, boolean friends, boolean strangers)
            throws Exception {
        var host = network.inside(HOST);
        done(cgn().createFilter(map(IpProtocol.UDP, HOST), new CgnFilter(length, PcpAddress.parse(prefix), port)));
        assertThat(reaches(friend, host, HOST)).isEqualTo(friends);
        assertThat(reaches(stranger, host, HOST)).isEqualTo(strangers);
    }

    @Test
    void whatInsideBeganIsAnswered() throws Exception {
        var host = network.inside(HOST);
        assertThat(reaches(host, friend, FRIEND)).isTrue();
        assertThat(reaches(friend, host, HOST)).isTrue();
        assertThat(reaches(stranger, host, HOST)).isFalse();
    }

    @Test
    @Proves("pcp:S-MAP-13")
    void itIsTheSameForIpv4() throws Exception {
        var at = new Endpoint(CAROL.address(), 8080);
        var host = network.inside(at);
        var caller = network.outside(PcpAddress.parse("198.51.100.10"), 7000);
        assertThat(reaches(caller, host, at)).isFalse();
        var mapping = map(IpProtocol.UDP, at);
        assertThat(reaches(caller, host, at)).isTrue();
        done(cgn().createFilter(mapping, new CgnFilter(96 + 24, PcpAddress.parse("198.51.101.0"), 0)));
        assertThat(reaches(caller, host, at)).isFalse();
        done(cgn().deletePcpMapping(mapping));
        assertThat(reaches(caller, host, at)).isFalse();
    }

    private ServerSocket listening() throws Exception {
        return network.subscribers.open(
                () -> new ServerSocket(HOST.port(), 5, HOST.address().toInetAddress()));
    }

    private Socket connection() throws Exception {
        return network.internet.open(() -> {
            var caller = new Socket();
            caller.connect(new InetSocketAddress(HOST.address().toInetAddress(), HOST.port()), 30_000);
            return caller;
        });
    }

    /** A SYN that nobody answers: neither connected nor refused. */
    private void assertNotConnected() throws Exception {
        int before = FirewallNetwork.dropped();
        var call = network.internet.open(SocketChannel::open);
        call.configureBlocking(false);
        call.connect(new InetSocketAddress(HOST.address().toInetAddress(), HOST.port()));
        Await.until("dropped", () -> FirewallNetwork.dropped() > before);
        assertThat(call.finishConnect()).isFalse();
    }

    @Test
    void connectionsAreMadeWhileThereIsAMappingAndItsFilterAdmitsThem() throws Exception {
        var listener = listening();
        assertNotConnected();
        var mapping = map(IpProtocol.TCP, HOST);
        connection().close();
        listener.accept().close();
        var filter = done(cgn().createFilter(mapping, new CgnFilter(128, PcpAddress.parse("2001:db8:9::99"), 0)));
        assertNotConnected();
        done(cgn().replaceFilter(filter, new CgnFilter(64, FRIEND.address(), 0)));
        connection().close();
        listener.accept().close();
        done(cgn().deletePcpMapping(mapping));
        assertNotConnected();
    }

    /** Neither end gets a word through any more, whichever tries first. */
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aDeletedMappingsConnectionsAreCut(boolean insideSpeaksFirst) throws Exception {
        var mapping = map(IpProtocol.TCP, HOST);
        var listener = listening();
        var caller = connection();
        try (var accepted = listener.accept()) {
            accepted.setSoTimeout(60_000);
            caller.getOutputStream().write(1);
            assertThat(accepted.getInputStream().read()).isEqualTo(1);

            done(cgn().deletePcpMapping(mapping));
            var first = insideSpeaksFirst ? accepted : caller;
            var second = insideSpeaksFirst ? caller : accepted;
            for (var speaker : new Socket[] {first, second}) {
                int before = FirewallNetwork.dropped();
                speaker.getOutputStream().write(2);
                Await.until("dropped", () -> FirewallNetwork.dropped() > before);
            }
            assertThat(accepted.getInputStream().available()).isZero();
            assertThat(caller.getInputStream().available()).isZero();
        }
    }

    @Test
    void aDeletedSubscribersMappingsAreClosed() throws Exception {
        var host = network.inside(HOST);
        map(IpProtocol.UDP, HOST);
        done(cgn().deleteSubscriber(ALICE));
        assertThat(reaches(stranger, host, HOST)).isFalse();
    }

    @Test
    void requestsFromOutsideDoNotReachTheServer() throws Exception {
        var at = new Endpoint(PcpAddress.parse("2001:db8:5::1"), 5351);
        try (var listener = Udp.bind(at)) {
            assertThat(reaches(stranger, listener, at)).isFalse();
            assertThat(reaches(network.inside(HOST), listener, at)).isTrue();
        }
    }

    /** What was open stays open to who is known by then, and what nobody has asked for again is closed by the unlock. */
    @Test
    void theNextServerFindsWhatWasOpenAndUnlocks() throws Exception {
        var host = network.inside(HOST);
        var other = new Endpoint(BOB.address(), 8081);
        var otherHost = network.inside(other);
        map(IpProtocol.UDP, HOST);
        map(IpProtocol.UDP, other);
        network.restart();
        assertThat(reaches(host, friend, FRIEND)).as("nothing begins").isFalse();
        assertThat(reaches(stranger, host, HOST)).isTrue();
        map(IpProtocol.UDP, HOST);
        done(cgn().unlockDynamic());
        assertThat(reaches(stranger, host, HOST)).isTrue();
        assertThat(reaches(friend, otherHost, other)).isFalse();
        assertThat(reaches(host, friend, FRIEND)).isTrue();
    }

    @Test
    void afterAFlushNothingIsOpen() throws Exception {
        var host = network.inside(HOST);
        map(IpProtocol.UDP, HOST);
        done(cgn().flush());
        assertThat(reaches(stranger, host, HOST)).isFalse();
        assertThat(reaches(host, friend, FRIEND)).isFalse();
    }
}
