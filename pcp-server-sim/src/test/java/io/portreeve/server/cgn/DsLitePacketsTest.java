package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.done;
import static io.portreeve.server.cgn.DsLiteNetwork.AFTR;
import static io.portreeve.server.cgn.DsLiteNetwork.ALICE;
import static io.portreeve.server.cgn.DsLiteNetwork.BOB;
import static io.portreeve.server.cgn.DsLiteNetwork.HOST;
import static io.portreeve.server.cgn.DsLiteNetwork.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.softwire.B4;
import io.portreeve.server.softwire.Ipv4Octets;
import io.portreeve.server.softwire.TunnelException;
import io.portreeve.server.softwire.TunnelSocket;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of the packets of two homes with tunnels, whose hosts have the same address. */
@ExtendWith(OwnNetwork.class)
final class DsLitePacketsTest {
    private static final Endpoint DNS = new Endpoint(CgnNetwork.INTERNET, 53);
    private static final int HUNG_MILLIS = 60_000;

    private DsLiteNetwork network;
    private DsLiteCgn cgn;
    private Subscriber alice;
    private Subscriber bob;

    @BeforeEach
    void open() throws Exception {
        network = new DsLiteNetwork();
        cgn = network.cgn();
        alice = done(cgn.getSubscriber(ALICE));
        bob = done(cgn.getSubscriber(BOB));
        done(cgn.unlockDynamic());
    }

    @AfterEach
    void close() throws IOException {
        network.close();
    }

    private void map(Subscriber home, IpProtocol protocol, int internal, int external) {
        done(cgn.createPcpMapping(new CgnMapping(
                home.handle(), protocol, new Endpoint(HOST, internal), new Endpoint(home.external(), external))));
    }

    private static ServerSocket listening(Host home) throws Exception {
        return home.open(() -> new ServerSocket(8080, 5, HOST.toInetAddress()));
    }

    private Socket call(Subscriber home, int port) throws Exception {
        return network.internet.open(() -> {
            var socket = new Socket();
            socket.connect(new InetSocketAddress(home.external().toInetAddress(), port), HUNG_MILLIS);
            socket.setSoTimeout(HUNG_MILLIS);
            return socket;
        });
    }

    /** Expects {@code caller} to be connected with {@code listener}, and much to go through in both directions. */
    private static void assertConnected(Socket caller, ServerSocket listener) throws IOException {
        listener.setSoTimeout(HUNG_MILLIS);
        try (var called = listener.accept()) {
            var much = new byte[50_000];
            called.setSoTimeout(HUNG_MILLIS);
            caller.getOutputStream().write(much);
            assertThat(called.getInputStream().readNBytes(much.length)).isEqualTo(much);
            called.getOutputStream().write(much);
            assertThat(caller.getInputStream().readNBytes(much.length)).isEqualTo(much);
        }
    }

    @Test
    void aMappedPortLeadsToTheHostOfItsHome() throws Exception {
        map(alice, IpProtocol.TCP, 8080, 2001);
        map(bob, IpProtocol.TCP, 8080, 2002);
        var hers = listening(network.alice);
        var his = listening(network.bob);
        assertConnected(call(alice, 2001), hers);
        assertConnected(call(bob, 2002), his);
    }

    /** The first packet of all, too. */
    @Test
    void trafficNobodyAskedForHasTheExternalAddressOfItsHome() throws Exception {
        var dns = network.outside(53);
        for (var home : new Subscriber[] {alice, bob}) {
            var host = at(home.equals(alice) ? network.alice : network.bob, 5000);
            host.send("question", DNS);
            var question = dns.receive();
            assertThat(question.text()).isEqualTo("question");
            assertThat(question.from().address()).isEqualTo(home.external());
            dns.send("answer to " + home.id(), question.from());
            assertThat(host.receive()).isEqualTo(new Udp.Datagram(DNS, "answer to " + home.id()));
        }
    }

    @Test
    void pingsGetOut() throws Exception {
        assertThat(network.alice.inside(
                        () -> CgnNetwork.INTERNET.toInetAddress().isReachable(HUNG_MILLIS)))
                .isTrue();
    }

    /** Neither fits the path: it is cut before it goes into the tunnel on one side, and put together behind it. */
    @Test
    void whatIsLongerThanAPacketArrives() throws Exception {
        map(alice, IpProtocol.UDP, 3074, 2001);
        var game = at(network.alice, 3074).socket();
        var friend = network.outside(7000).socket();
        var much = new byte[4000];
        for (var socket : new DatagramSocket[] {game, friend}) {
            socket.setSoTimeout(HUNG_MILLIS);
        }
        var external = new InetSocketAddress(alice.external().toInetAddress(), 2001);
        friend.send(new DatagramPacket(much, much.length, external));
        var received = new DatagramPacket(new byte[5000], 5000);
        game.receive(received);
        assertThat(received.getLength()).isEqualTo(much.length);
        game.send(new DatagramPacket(much, much.length, received.getSocketAddress()));
        friend.receive(received);
        assertThat(received.getLength()).isEqualTo(much.length);
        assertThat(received.getSocketAddress()).isEqualTo(external);
    }

    /** What a host is told quotes a packet of its own. */
    @Test
    void aHostIsToldOfErrors() throws Exception {
        var host = at(network.bob, 5000);
        network.bob.inside(() -> {
            host.socket().connect(new InetSocketAddress(CgnNetwork.INTERNET.toInetAddress(), 9));
            return null;
        });
        host.send("out", new Endpoint(CgnNetwork.INTERNET, 9));
        assertThatThrownBy(host::receive).isInstanceOf(PortUnreachableException.class);
    }

    /** What a host tells quotes the packet as the host got it. */
    @Test
    void theInternetIsToldOfErrorsToo() throws Exception {
        map(bob, IpProtocol.UDP, 9, 2001);
        var external = new Endpoint(bob.external(), 2001);
        var caller = network.outside(7000);
        network.internet.inside(() -> {
            caller.socket().connect(new InetSocketAddress(external.address().toInetAddress(), external.port()));
            return null;
        });
        caller.send("in", external);
        assertThatThrownBy(caller::receive).isInstanceOf(PortUnreachableException.class);
    }

    private static byte[] udp(PcpAddress source, PcpAddress destination, int port) {
        return Ipv4Octets.whole(
                (int) source.low(),
                (int) destination.low(),
                Ipv4Octets.UDP,
                Ipv4Octets.withoutSum(6000, port, "spoofed".getBytes()));
    }

    /**
     * One thread takes what comes out of tunnels, and one puts in what comes back: when the marker is there, those before it have
     * been dropped, or are on their way to her before the answer.
     */
    @Test
    void whatNoHomeCanHaveSentIsDropped() throws Exception {
        var dns = network.outside(53);
        var hers = at(network.alice, 5000);
        hers.send("here I am", DNS);
        var toHer = dns.receive().from();
        var inside = PcpAddress.parse("100.96.0.1");
        assertThat(cgn.hostAt(inside)).isPresent();
        network.bob.inside(() -> {
            B4.send(BOB.address(), AFTR, udp(PcpAddress.parse("198.51.100.77"), DNS.address(), 53));
            B4.send(BOB.address(), AFTR, udp(inside, DNS.address(), 53));
            B4.send(BOB.address(), AFTR, udp(HOST, inside, 5000));
            B4.send(BOB.address(), AFTR, new byte[] {0x45, 0, 0});
            B4.send(DsLiteNetwork.NOBODY, AFTR, udp(HOST, DNS.address(), 53));
            return null;
        });
        at(network.bob, 5000).send("marker", DNS);
        assertThat(dns.receive().text()).isEqualTo("marker");
        dns.send("answer", toHer);
        assertThat(hers.receive().text()).isEqualTo("answer");
    }

    /** The packets that this test makes are good: one that a home can have sent comes through. */
    @Test
    void whatAHomeCanHaveSentIsNot() throws Exception {
        var dns = network.outside(53);
        network.bob.inside(() -> {
            B4.send(BOB.address(), AFTR, udp(PcpAddress.parse("192.168.1.77"), DNS.address(), 53));
            return null;
        });
        var received = dns.receive();
        assertThat(received.text()).isEqualTo("spoofed");
        assertThat(received.from().address()).isEqualTo(bob.external());
    }

    /** The one inside address that the next run gives first was Alice's, and now is Bob's. */
    @Test
    void afterARestartNobodyGetsThePacketsOfAnother() throws Exception {
        map(alice, IpProtocol.UDP, 3074, 2001);
        var hers = at(network.alice, 3074);
        var friend = network.outside(7000);
        hers.send("knock", new Endpoint(CgnNetwork.INTERNET, 7000));
        assertThat(friend.receive().from()).isEqualTo(new Endpoint(alice.external(), 2001));
        var dns = network.outside(53);
        var hersToo = at(network.alice, 5000);
        hersToo.send("question", DNS);
        var flow = dns.receive().from();

        network.stop(cgn);
        cgn = network.cgn();
        bob = done(cgn.createSubscriber(BOB, bob.external()));
        map(bob, IpProtocol.UDP, 3074, 2002);
        var his = at(network.bob, 3074);
        int before = CgnNetwork.dropped("unsolicited");
        friend.send("to her, too early", new Endpoint(alice.external(), 2001));
        Await.until("dropped", () -> CgnNetwork.dropped("unsolicited") > before);
        alice = done(cgn.createSubscriber(ALICE, alice.external()));
        map(alice, IpProtocol.UDP, 3074, 2001);
        done(cgn.unlockDynamic());

        var hisToo = at(network.bob, 5000);
        dns.send("late answer", flow);
        friend.send("to her", new Endpoint(alice.external(), 2001));
        assertThat(hers.receive().text()).isEqualTo("to her");
        friend.send("to him", new Endpoint(bob.external(), 2002));
        assertThat(his.receive().text()).isEqualTo("to him");
        assertThat(hisToo.hasReceived()).isFalse();
        assertThat(hersToo.hasReceived()).isFalse();
    }

    @Test
    void aDeletedHomesConnectionsAreCut() throws Exception {
        var dns = network.outside(53);
        var hers = at(network.alice, 5000);
        hers.send("question", DNS);
        var flow = dns.receive().from();
        dns.send("answer", flow);
        assertThat(hers.receive().text()).isEqualTo("answer");

        done(cgn.deleteSubscriber(ALICE));
        int before = CgnNetwork.dropped("unsolicited");
        dns.send("late", flow);
        Await.until("dropped", () -> CgnNetwork.dropped("unsolicited") > before);
        assertThat(hers.hasReceived()).isFalse();
    }

    @Test
    void itsInterfaceGoesWithIt() throws Exception {
        assertThat(DsLiteNetwork.forwards()).isTrue();
        assertThat(Host.command("ip", "-o", "link", "")).contains("dslite0");
        network.stop(cgn);
        assertThat(Host.command("ip", "-o", "link", "")).doesNotContain("dslite0");
    }

    /** The one that runs does not notice. */
    @Test
    void thereIsOneForEachInterface() throws Exception {
        map(alice, IpProtocol.UDP, 3074, 2001);
        assertThatThrownBy(network::cgn)
                .isInstanceOf(TunnelException.class)
                .hasMessageContaining("dslite0 cannot be made")
                .hasMessageContaining("'inside-interface'");
        assertThat(CgnNetwork.table()).contains("100.96.0.1 . 3074");
    }

    @Test
    void tunnelsEndAtAnAddressOfThisMachine() {
        assertThatThrownBy(() -> TunnelSocket.open(BOB.address()))
                .isInstanceOf(TunnelException.class)
                .hasMessageContaining("no address of this machine; correct 'aftr'");
    }

    /** RFC 4787 REQ-9: its neighbour is seen with an external endpoint of its own. */
    @Test
    void homesReachEachOtherByTheirExternalEndpoints() throws Exception {
        map(alice, IpProtocol.UDP, 3074, 2001);
        var game = at(network.alice, 3074);
        var neighbour = at(network.bob, 5000);
        neighbour.send("in", new Endpoint(alice.external(), 2001));
        var received = game.receive();
        assertThat(received.from().address()).isEqualTo(bob.external());
        game.send("answer", received.from());
        assertThat(neighbour.receive()).isEqualTo(new Udp.Datagram(new Endpoint(alice.external(), 2001), "answer"));
    }
}
