package io.portreeve.server;

import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.Packet;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a mapping means for the packets of TCP 8080. */
final class MappingTrafficTest {
    private static final Endpoint HOST = new Endpoint(Bench.CLIENT.address(), 8080);
    private static final Endpoint PEER = new Endpoint(PcpAddress.parse("198.51.100.10"), 80);
    private static final Endpoint OTHER_PEER = new Endpoint(PcpAddress.parse("198.51.100.11"), 443);
    private static final Endpoint MAPPED = new Endpoint(Bench.EXTERNAL, 2001);

    private final Bench bench = new Bench(
            new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, false), Bench.pool(2000, 2009), 1000);

    @BeforeEach
    void serveAll() {
        bench.cgn.unlockDynamic();
    }

    private static Packet to(Endpoint remote) {
        return Packet.inside(new SubscriberId(HOST.address()), IpProtocol.TCP, HOST, remote);
    }

    /** {@return what the remote sees as the sender} */
    private Optional<Endpoint> outbound(Endpoint remote) {
        return bench.cgn.outbound(to(remote)).map(Packet::source);
    }

    private Optional<Endpoint> inbound(Endpoint remote, Endpoint external) {
        return bench.inbound(IpProtocol.TCP, remote, external.port());
    }

    @Test
    @Proves("pcp:S-MAP-12")
    void anyPeerIsLetInAndAllTrafficOfTheHostHasThePort() {
        assertThat(inbound(PEER, MAPPED)).isEmpty();
        bench.granted(map().suggest(2001));
        for (var peer : new Endpoint[] {PEER, OTHER_PEER}) {
            assertThat(inbound(peer, MAPPED)).contains(HOST);
            assertThat(outbound(peer)).contains(MAPPED);
        }
        bench.granted(map().lifetime(0));
        assertThat(inbound(PEER, MAPPED)).isEmpty();
        assertThat(outbound(PEER)).isNotEqualTo(Optional.of(MAPPED));
    }

    @Test
    @Proves("pcp:S-MAP-09")
    void noOtherProtocolIsMappedAlong() {
        bench.granted(map().suggest(2001));
        assertThat(bench.inbound(IpProtocol.UDP, PEER, 2001)).isEmpty();
        assertThat(bench.granted(map().from(PcpAddress.parse("100.64.0.3"))
                                .protocol(17)
                                .suggest(2001))
                        .assignedPort())
                .isEqualTo(2001);
    }

    @Test
    @Proves("pcp:S-LIFE-02")
    void theEndOfAConnectionEndsNoMapping() {
        bench.granted(map().suggest(2001).lifetime(7200));
        bench.cgn.inbound(Packet.outside(IpProtocol.TCP, PEER, MAPPED).last());
        bench.cgn.outbound(to(PEER).last());
        bench.pass(Duration.ofSeconds(7199));
        assertThat(inbound(PEER, MAPPED)).contains(HOST);
        assertThat(outbound(PEER)).contains(MAPPED);
        assertThat(bench.mappings().getFirst().left()).isEqualTo(new Lifetime(1));
        bench.pass(Duration.ofSeconds(1));
        assertThat(inbound(PEER, MAPPED)).isEmpty();
    }
}
