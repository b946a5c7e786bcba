package io.portreeve.server;

import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.engine.ServerPolicy;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A server to ask for sets of ports. External ports 2000 to 2009, if nothing else is said. */
abstract class PortSetBench {
    static final Endpoint REMOTE = new Endpoint(PcpAddress.parse("198.51.100.10"), 7000);

    Bench bench = bench(64, 1000, Bench.pool(2000, 2009));

    static ServerPolicy policy(int quota) {
        return new ServerPolicy(new Lifetime(120), new Lifetime(86_400), quota, true);
    }

    static Bench bench(int quota, int capacity, List<PoolRange> pool) {
        return new Bench(policy(quota), pool, capacity);
    }

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    static PortSet set(int size, int firstInternalPort) {
        return new PortSet(size, firstInternalPort, false);
    }

    /** {@return a request for so many ports from {@code internalPort} on} */
    static WantedMap wanted(int internalPort, int size) {
        return map().port(internalPort).with(set(size, internalPort));
    }

    /** Each external port leads to the internal port that is as far from the first. */
    void assertLeadsTo(int internalPort, int externalPort, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(bench.inbound(IpProtocol.TCP, REMOTE, externalPort + i))
                    .contains(new Endpoint(Bench.CLIENT.address(), internalPort + i));
        }
    }
}
