package io.portreeve.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.testing.Seeds;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PortRangeTest {
    private static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.114.1");

    @Test
    void givesEveryPortOnceAndThenNone() {
        Seeds.each(50, random -> {
            var ports = new PortRange(1024, 1523);
            var given = new HashSet<Integer>();
            for (int i = 0; i < 500; i++) {
                int port = ports.take(0, random).orElseThrow();
                assertThat(port).isBetween(1024, 1523);
                assertThat(given.add(port)).isTrue();
            }
            assertThat(ports.take(0, random)).isEmpty();
            ports.giveBack(1024);
            assertThat(ports.take(1500, random)).hasValue(1024);
        });
    }

    /** By chance one in 2000 is so near: about 5 of 10,000. */
    @Test
    void givesPortsThatCannotBeGuessedFromTheLastOne() {
        var ports = new PortRange(1024, 65_535);
        var random = Seeds.of(1);
        int neighbours = 0;
        int last = 0;
        for (int i = 0; i < 10_000; i++) {
            int port = ports.take(0, random).orElseThrow();
            neighbours += Math.abs(port - last) <= 16 ? 1 : 0;
            last = port;
        }
        assertThat(neighbours).isLessThan(50);
    }

    @Test
    @Proves("pcp:S-MAP-09")
    void neverGivesPcpsOwnPortsOverUdp() {
        var pool = new ExternalPool(List.of(
                new PoolRange(EXTERNAL, IpProtocol.UDP, 5349, 5352),
                new PoolRange(EXTERNAL, IpProtocol.TCP, 5350, 5351)));
        assertThat(pool.takeExactly(IpProtocol.UDP, new Endpoint(EXTERNAL, 5350)))
                .isFalse();
        assertThat(pool.takeExactly(IpProtocol.UDP, new Endpoint(EXTERNAL, 5351)))
                .isFalse();
        assertThat(take(pool, 5351)).isIn(5349, 5352);
        assertThat(take(pool, 5350)).isIn(5349, 5352);
        assertThat(pool.take(IpProtocol.UDP, EXTERNAL, 5351, Seeds.of(0))).isEmpty();
        assertThat(pool.takeExactly(IpProtocol.TCP, new Endpoint(EXTERNAL, 5351)))
                .isTrue();
    }

    private static int take(ExternalPool pool, int suggested) {
        return pool.take(IpProtocol.UDP, EXTERNAL, suggested, Seeds.of(0))
                .orElseThrow()
                .port();
    }
}
