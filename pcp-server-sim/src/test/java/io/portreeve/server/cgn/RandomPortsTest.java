package io.portreeve.server.cgn;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.Seeds;
import java.util.HashSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RandomPortsTest {

    /** {@return a generator that always chooses the one with {@code before} others before it} */
    private static RandomGenerator choosing(int before) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public int nextInt(int bound) {
                assertThat(bound).isGreaterThan(before);
                return before;
            }
        };
    }

    @Test
    void eachFreePortCanBeChosen() {
        var span = new PortSpan(1000, 1300);
        for (int before = 0; before < 300; before++) {
            var ports = RandomPorts.of(IpProtocol.UDP, span);
            ports.take(1100);
            int expected = before < 100 ? 1000 + before : 1001 + before;
            assertThat(ports.take(choosing(before))).hasValue(expected);
        }
    }

    /** Its first mapping gets the port that a host's traffic has, and cannot have one of these: RFC 6887 section 11.3. */
    @Test
    void trafficHasNoPortOfPcp() {
        var address = PcpAddress.parse("203.0.113.1");
        var udp = RandomPorts.besides(new PoolRange(address, IpProtocol.UDP, 1024, 5349));
        assertThat(udp.take(choosing(0))).hasValue(5352);
        var tcp = RandomPorts.besides(new PoolRange(address, IpProtocol.TCP, 1024, 5349));
        assertThat(tcp.take(choosing(0))).hasValue(5350);
    }

    @Test
    void eachIsGivenOutOnceUntilItIsGivenBack() {
        Seeds.each(20, random -> {
            var ports = RandomPorts.of(IpProtocol.UDP, new PortSpan(65_000, 65_535));
            var taken = new HashSet<Integer>();
            for (int i = 0; i < 536; i++) {
                taken.add(ports.take(random).orElseThrow());
            }
            assertThat(taken).hasSize(536).allMatch(port -> port >= 65_000 && port <= 65_535);
            assertThat(ports.take(random)).isEmpty();
            ports.giveBack(65_100);
            assertThat(ports.take(random)).hasValue(65_100);
        });
    }
}
