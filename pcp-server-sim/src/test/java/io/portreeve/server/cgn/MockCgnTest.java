package io.portreeve.server.cgn;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import org.junit.jupiter.api.Test;

final class MockCgnTest extends CgnContract {
    private final MockCgn cgn = new MockCgn(POOL, CAPACITY);

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
        cgn.deleteSubscriber(id);
    }

    @Override
    boolean outbound(SubscriberHandle subscriber, IpProtocol protocol, Endpoint internal) {
        return cgn.outbound(subscriber, protocol, internal);
    }

    @Test
    void spreadsSubscribersOverItsAddresses() {
        for (int i = 1; i <= 10; i++) {
            cgn.getSubscriber(new SubscriberId(PcpAddress.parse("100.64.0." + i)));
        }
        var another = cgn.getSubscriber(new SubscriberId(PcpAddress.parse("100.64.1.1")))
                .toCompletableFuture()
                .join();
        var next = cgn.getSubscriber(new SubscriberId(PcpAddress.parse("100.64.1.2")))
                .toCompletableFuture()
                .join();
        assertThat(another.external()).isNotEqualTo(next.external());
    }

    @Test
    void anImplicitMappingOfTheSameTupleCollides() {
        var alice = done(cgn.getSubscriber(ALICE));
        done(cgn.unlockDynamic());
        cgn.outbound(alice.handle(), IpProtocol.TCP, HOST);
        assertFails(cgn.createPcpMapping(mapping(alice, HOST.port(), 2001)), CgnError.COLLISION);
    }

    @Test
    void showsItsTable() {
        var id = new SubscriberId(PcpAddress.parse("100.64.0.2"));
        var subscriber = cgn.getSubscriber(id).toCompletableFuture().join();
        var mapping = new CgnMapping(
                subscriber.handle(),
                IpProtocol.TCP,
                new Endpoint(id.address(), 1),
                new Endpoint(subscriber.external(), 2001));
        cgn.createPcpMapping(mapping);
        assertThat(cgn.table()).containsExactly(new LocalCgn.Entry(id, mapping));
    }
}
