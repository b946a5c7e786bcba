package io.portreeve.server.cgn;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import org.junit.jupiter.api.Test;

final class MockCgnTest extends CgnContract {
    private final MockWorld world = new MockWorld();
    private final MockCgn cgn = world.cgn;

    @Override
    CgnWorld world() {
        return world;
    }

    @Test
    void spreadsSubscribersOverItsAddresses() {
        for (int i = 1; i <= 10; i++) {
            cgn.getSubscriber(new SubscriberId(PcpAddress.parse("100.64.0." + i)));
        }
        var another = done(cgn.getSubscriber(new SubscriberId(PcpAddress.parse("100.64.1.1"))));
        var next = done(cgn.getSubscriber(new SubscriberId(PcpAddress.parse("100.64.1.2"))));
        assertThat(another.external()).isNotEqualTo(next.external());
    }

    @Test
    void showsItsTable() {
        var alice = done(cgn.getSubscriber(ALICE));
        var mapping = mapping(alice, 1, 2001);
        cgn.createPcpMapping(mapping);
        assertThat(cgn.table()).containsExactly(new LocalCgn.Entry(ALICE, mapping));
    }
}
