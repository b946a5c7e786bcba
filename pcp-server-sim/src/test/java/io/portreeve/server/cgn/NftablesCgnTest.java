package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.OwnNetwork;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract, kept by the kernel. */
@ExtendWith(OwnNetwork.class)
final class NftablesCgnTest extends CgnContract {
    private CgnNetwork network;
    private NftablesCgn cgn;

    @BeforeEach
    void open() throws Exception {
        network = new CgnNetwork();
        cgn = network.cgn(CAPACITY);
    }

    @AfterEach
    void close() throws IOException {
        network.close();
    }

    @Override
    Cgn cgn() {
        return cgn;
    }

    @Override
    void block(SubscriberId id) {
        cgn.block(id);
    }

    @Override
    void deleteSubscriber(SubscriberId id) {
        done(cgn.deleteSubscriber(id));
    }

    @Override
    boolean outbound(SubscriberHandle subscriber, IpProtocol protocol, Endpoint internal) {
        try (var inside = network.inside(internal.address(), internal.port());
                var outside = network.outside(CgnNetwork.INTERNET, 53)) {
            int before = CgnNetwork.dropped("postrouting");
            inside.send("out", new Endpoint(CgnNetwork.INTERNET, 53));
            var arrived = new boolean[1];
            CgnNetwork.await(() -> {
                arrived[0] = outside.hasReceived();
                return arrived[0] || CgnNetwork.dropped("postrouting") > before;
            });
            return arrived[0];
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The kernel routes by the inner address alone, whoever asked. */
    @Test
    void aHostBehindOneSubscriberIsNotBehindAnother() {
        var alice = done(cgn.getSubscriber(ALICE));
        var bob = done(cgn.getSubscriber(BOB));
        done(cgn.createPcpMapping(mapping(alice, 1, 2001)));
        assertFails(cgn.createPcpMapping(mapping(bob, 1, 2001)), CgnError.NOT_AUTHORIZED);
    }

    @Test
    void servesIpv4Only() {
        var alice = done(cgn.getSubscriber(ALICE));
        var ipv6 = PcpAddress.parse("2001:db8::1");
        assertFails(cgn.getSubscriber(new SubscriberId(ipv6)), CgnError.NOT_AUTHORIZED);
        assertFails(cgn.createSubscriber(new SubscriberId(ipv6), FIRST), CgnError.NOT_AUTHORIZED);
        var mapping = new CgnMapping(
                alice.handle(), IpProtocol.TCP, new Endpoint(ipv6, 1), new Endpoint(alice.external(), 2001));
        assertFails(cgn.createPcpMapping(mapping), CgnError.NOT_AUTHORIZED);
    }
}
