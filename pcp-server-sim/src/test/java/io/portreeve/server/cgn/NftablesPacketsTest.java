package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.ALICE;
import static io.portreeve.server.cgn.CgnContract.BOB;
import static io.portreeve.server.cgn.CgnContract.SECOND;
import static io.portreeve.server.cgn.CgnContract.done;
import static io.portreeve.server.cgn.CgnNetwork.ELSEWHERE;
import static io.portreeve.server.cgn.CgnNetwork.INTERNET;
import static io.portreeve.server.cgn.CgnNetwork.dropped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of packets, while the server works as it should. */
@ExtendWith(OwnNetwork.class)
final class NftablesPacketsTest extends AlicesCgn {
    private static final Endpoint DNS = new Endpoint(INTERNET, 53);

    /** {@return where a datagram from {@code from} seems to come from} */
    private static Endpoint seenFrom(Udp from, Udp at, Endpoint to) throws IOException {
        from.send("out", to);
        return at.receive().from();
    }

    @Test
    @Proves("pcp:N-15")
    void trafficNobodyAskedForHasAPortThatNobodyCanAskFor() throws Exception {
        var dns = network.outside(INTERNET, 53);
        var ports = new HashSet<Integer>();
        for (int port = 6000; port < 6050; port++) {
            var seen = seenFrom(network.inside(ALICE.address(), port), dns, DNS);
            assertThat(seen.address()).isEqualTo(alice.external());
            assertThat(seen.port()).isBetween(32_768, 65_535);
            ports.add(seen.port());
        }
        assertThat(ports).as("one each").hasSize(50);
    }

    /** One who never asked has the address that it will have when it asks. */
    @Test
    void aSubscriberHasOneExternalAddress() throws Exception {
        var dns = network.outside(INTERNET, 53);
        var before = seenFrom(network.inside(BOB.address(), 6000), dns, DNS);
        assertThat(before.address()).isNotEqualTo(alice.external());
        assertThat(done(cgn.getSubscriber(BOB)).external()).isEqualTo(before.address());
        var after = seenFrom(network.inside(BOB.address(), 6001), dns, DNS);
        assertThat(after.address()).isEqualTo(before.address());
    }

    @Test
    void anEnforcedExternalAddressHoldsForTrafficNobodyAskedForToo() throws Exception {
        var other = alice.external().equals(SECOND) ? CgnContract.FIRST : SECOND;
        done(cgn.deleteSubscriber(ALICE));
        done(cgn.createSubscriber(ALICE, other));
        var seen = seenFrom(network.inside(ALICE.address(), 6000), network.outside(INTERNET, 53), DNS);
        assertThat(seen.address()).isEqualTo(other);
    }

    @Test
    void pingsGetOutWhetherTheirSubscriberEverAskedOrNot() throws Exception {
        assertThat(isPinged(INTERNET)).isTrue();
        done(cgn.deleteSubscriber(ALICE));
        assertThat(isPinged(ELSEWHERE)).isTrue(); // another connection than the one before
    }

    private boolean isPinged(PcpAddress address) throws Exception {
        return network.subscribers.inside(() -> address.toInetAddress().isReachable(30_000));
    }

    @Test
    @Proves("pcp:S-MAP-12")
    void aMappedHostLeavesWithItsMappedEndpointWhereverItGoes() throws Exception {
        map(IpProtocol.UDP, HOST, 2001);
        var host = inside(HOST);
        var mapped = external(2001);
        assertThat(seenFrom(host, network.outside(INTERNET, 53), DNS)).isEqualTo(mapped);
        var elsewhere = network.outside(ELSEWHERE, 54);
        assertThat(seenFrom(host, elsewhere, new Endpoint(ELSEWHERE, 54))).isEqualTo(mapped);
    }

    @Test
    @Proves("pcp:S-MAP-12")
    void aMappedHostIsReached() throws Exception {
        map(IpProtocol.UDP, HOST, 2001);
        var host = inside(HOST);
        var caller = caller();
        caller.send("in", external(2001));
        assertThat(host.receive()).isEqualTo(new Udp.Datagram(new Endpoint(INTERNET, 7000), "in"));
        host.send("answer", new Endpoint(INTERNET, 7000));
        assertThat(caller.receive()).isEqualTo(new Udp.Datagram(external(2001), "answer"));
    }

    @Test
    void aHostWithAPrivateAddressIsReachedToo() throws Exception {
        map(IpProtocol.UDP, CgnContract.HOST, 2001);
        var host = inside(CgnContract.HOST);
        assertLeads(caller(), 2001, host, "in");
    }

    @Test
    void aSubscriberReachesAnotherByItsExternalEndpoint() throws Exception {
        map(IpProtocol.UDP, HOST, 2001);
        var mapped = external(2001);
        var host = inside(HOST);
        var caller = network.inside(BOB.address(), 7000);
        caller.send("in", mapped);
        var received = host.receive();
        assertThat(received.from().address())
                .isEqualTo(done(cgn.getSubscriber(BOB)).external());
        host.send("answer", received.from());
        assertThat(caller.receive()).isEqualTo(new Udp.Datagram(mapped, "answer"));
    }

    /** The port at the far end is closed, and the router there says so. */
    @Test
    @Proves("pcp:S-MAP-12")
    void aMappedHostIsToldOfErrors() throws Exception {
        map(IpProtocol.UDP, HOST, 2001);
        var host = inside(HOST);
        var closed = new Endpoint(INTERNET, 9);
        network.subscribers.inside(() -> {
            host.socket().connect(new InetSocketAddress(INTERNET.toInetAddress(), 9));
            return null;
        });
        host.send("out", closed);
        assertThatThrownBy(host::receive).isInstanceOf(PortUnreachableException.class);
    }

    /** RFC 4787 REQ-9: with the source of its mapping, not with its inner address. */
    @Test
    void aMappedSubscriberIsSeenByAnotherWithItsMappedEndpoint() throws Exception {
        map(IpProtocol.UDP, HOST, 2001);
        map(IpProtocol.UDP, OTHER_HOST, 2002);
        var host = inside(HOST);
        inside(OTHER_HOST).send("in", external(2001));
        assertThat(host.receive().from()).isEqualTo(external(2002));
    }

    /** The answer to a marker comes after whatever the unsolicited ones before it may have brought about. */
    @Test
    void whatNobodyAskedForIsDroppedInSilence() throws Exception {
        map(IpProtocol.UDP, HOST, 2001);
        var host = inside(HOST);
        var caller = caller();
        var unmapped = external(2002);
        int before = dropped("unsolicited");
        caller.send("in", unmapped);
        var call = network.internet.open(SocketChannel::open);
        call.configureBlocking(false);
        call.connect(new InetSocketAddress(unmapped.address().toInetAddress(), unmapped.port()));
        Await.until("dropped", () -> dropped("unsolicited") >= before + 2);
        caller.send("marker", external(2001));
        host.send("answer", host.receive().from());
        assertThat(caller.receive().text()).isEqualTo("answer");
        assertThat(call.finishConnect()).as("neither accepted nor refused").isFalse();
    }

    /** From outside with the inner address: routed there, if nobody minds. */
    @Test
    void nobodyIsReachedPastTheTranslation() throws Exception {
        network.internet.ip("route add 100.64.0.0/24 via 198.51.100.1\n");
        var host = inside(HOST);
        int before = dropped("forward");
        caller().send("in", HOST);
        Await.until("dropped", () -> dropped("forward") > before);
        assertThat(host.hasReceived()).isFalse();
    }

    /** Whichever of its addresses they take: a machine answers for all of them on every interface. */
    @Test
    @Proves({"pcp:S-GEN-01", "pcp:B-NPMP-08"})
    void requestsFromOutsideDoNotReachTheServer() throws Exception {
        network.internet.ip("route add 100.64.0.0/24 via 198.51.100.1\n");
        var inner = new Endpoint(PcpAddress.parse("100.64.0.1"), 5351);
        var outer = new Endpoint(PcpAddress.parse("198.51.100.1"), 5351);
        try (var listener = Udp.bind(new Endpoint(PcpAddress.ANY_IPV4, 5351))) {
            int before = dropped("requests");
            var caller = caller();
            caller.send("from outside", inner);
            caller.send("from outside", outer);
            Await.until("dropped", () -> dropped("requests") >= before + 2);
            network.inside(HOST.address(), 7001).send("from inside", inner);
            assertThat(listener.receive().text()).isEqualTo("from inside");
            assertThat(listener.hasReceived()).isFalse();
        }
    }

    @Test
    void aDeletedMappingsDatagramsArriveNoMore() throws Exception {
        var handle = map(IpProtocol.UDP, HOST, 2001);
        map(IpProtocol.UDP, OTHER_HOST, 2002);
        var host = inside(HOST);
        var other = inside(OTHER_HOST);
        var caller = caller();
        caller.send("in", external(2001));
        host.send("answer", host.receive().from());
        assertThat(caller.receive().text()).isEqualTo("answer");

        done(cgn.deletePcpMapping(handle));
        int before = dropped("unsolicited");
        assertLeadsNoMore(caller, 2001, host, 2002, other);
        assertThat(dropped("unsolicited")).isEqualTo(before + 1);
        host.send("out", new Endpoint(INTERNET, 7000));
        assertThat(caller.receive().from().port()).as("a port nobody asked for").isGreaterThan(32_767);
    }

    @Test
    void aDeletedMappingsConnectionsAreCut() throws Exception {
        var handle = map(IpProtocol.TCP, HOST, 2001);
        var listener = listening();
        var caller = connection(2001);
        try (var accepted = listener.accept()) {
            accepted.setSoTimeout(60_000);
            caller.getOutputStream().write(1);
            assertThat(accepted.getInputStream().read()).isEqualTo(1);

            done(cgn.deletePcpMapping(handle));
            int before = dropped("unsolicited");
            caller.getOutputStream().write(2);
            Await.until("dropped", () -> dropped("unsolicited") > before);
            assertThat(accepted.getInputStream().available()).isZero();
        }
    }

    @Test
    void aDeletedSubscribersMappingsLeadNowhere() throws Exception {
        map(IpProtocol.UDP, HOST, 2001);
        var host = inside(HOST);
        done(cgn.deleteSubscriber(ALICE));
        int before = dropped("unsolicited");
        caller().send("in", external(2001));
        Await.until("dropped", () -> dropped("unsolicited") > before);
        assertThat(host.hasReceived()).isFalse();
    }

    @Test
    void manyRequestsInParallelAreAllInForce() throws Exception {
        var creations = List.of(2001, 2002, 2003, 2004, 2005).stream()
                .map(port -> cgn.createPcpMapping(mapping(IpProtocol.UDP, new Endpoint(ALICE.address(), port), port)))
                .toList();
        var twice = cgn.createPcpMapping(mapping(IpProtocol.UDP, new Endpoint(ALICE.address(), 2005), 2005));
        assertThat(done(twice)).isEqualTo(done(creations.getLast()));
        assertThat(CgnNetwork.table()).contains("2005 : 100.64.0.2 . 2005");
        creations.forEach(CgnContract::done);
    }
}
