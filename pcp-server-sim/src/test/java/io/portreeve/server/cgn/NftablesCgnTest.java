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
    private KernelWorld world;
    private Cgn cgn;

    @BeforeEach
    void open() throws Exception {
        world = new KernelWorld();
        cgn = world.cgn();
    }

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    @Override
    CgnWorld world() {
        return world;
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
