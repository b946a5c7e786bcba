package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Extras;
import io.portreeve.server.engine.ServerPolicy.Nonces;
import org.junit.jupiter.api.Test;

/** A server that imitates those that do not compare nonces. */
final class NoncesTest {
    private static final ServerPolicy POLICY = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true);

    private static Bench bench(Nonces nonces) {
        var bench = new Bench(POLICY.with(Extras.DEFAULT.with(nonces)), Bench.pool(2000, 2009), 1000);
        bench.cgn.unlockDynamic();
        return bench;
    }

    @Test
    void whoeverHasTheAddressMayDoAllIfTheyAreIgnored() {
        var bench = bench(Nonces.IGNORED);
        int port = bench.granted(map().nonce(1)).assignedPort();
        assertThat(bench.granted(map().nonce(2)).assignedPort()).isEqualTo(port);
        assertThat(bench.granted(map().nonce(3).lifetime(0)).lifetime()).isEqualTo(Lifetime.DELETE);
        assertThat(bench.mappings()).isEmpty();
        assertThat(bench.ask(Bench.CLIENT, peer().nonce(1).build())).isInstanceOf(Reply.class);
        assertThat(bench.ask(Bench.CLIENT, peer().nonce(2).build())).isInstanceOf(Reply.class);
    }

    @Test
    void nobodyElseMayIfTheyAreChecked() {
        var bench = bench(Nonces.CHECKED);
        bench.granted(map().nonce(1));
        assertThat(bench.refused(map().nonce(2)).result()).isEqualTo(NOT_AUTHORIZED);
        assertThat(bench.ask(Bench.CLIENT, peer().port(9).nonce(1).build())).isInstanceOf(Reply.class);
        assertThat(bench.ask(Bench.CLIENT, peer().port(9).nonce(2).build())).isInstanceOf(Refuse.class);
    }
}
