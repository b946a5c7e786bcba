package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.Packet;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/** A server to ask for flows, and the packets of these. */
abstract class PeerBench {
    static final ServerPolicy POLICY = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true);
    static final SubscriberId LINE = new SubscriberId(Bench.CLIENT.address());
    static final Endpoint INSIDE = new Endpoint(Bench.CLIENT.address(), 40_000);

    final Bench bench = new Bench(POLICY, Bench.pool(2000, 2009), 1000);

    @BeforeEach
    void unlock() {
        bench.cgn.unlockDynamic();
    }

    PeerResponse granted(WantedPeer asked) {
        assertThat(bench.ask(Bench.CLIENT, asked.build())).isInstanceOf(Reply.class);
        return (PeerResponse) ((Reply) bench.ask(Bench.CLIENT, asked.build())).response();
    }

    Refuse refused(WantedPeer asked) {
        return (Refuse) bench.ask(Bench.CLIENT, asked.build());
    }

    static Endpoint external(PeerResponse answer) {
        return new Endpoint(answer.assignedAddress(), answer.assignedPort());
    }

    /** {@return from where a packet of the flow leaves the CGN} */
    Optional<Endpoint> leavesFrom(WantedPeer flow) {
        var inside = new Endpoint(Bench.CLIENT.address(), flow.internalPort());
        return bench.cgn
                .outbound(Packet.inside(LINE, flow.protocol(), inside, flow.remote()))
                .map(Packet::source);
    }

    /** {@return where an answer of the remote peer arrives; what comes in keeps no flow alive} */
    Optional<Endpoint> reaches(WantedPeer flow, Endpoint external) {
        return bench.cgn
                .inbound(Packet.outside(flow.protocol(), flow.remote(), external))
                .map(Packet::destination);
    }

    void pass(long seconds) {
        bench.pass(Duration.ofSeconds(seconds));
    }
}
