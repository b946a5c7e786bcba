package io.portreeve.server;

import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.ServerPolicy;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** A server to ask for filters, and whose packets pass the CGN then. The mapping is TCP 8080, outside 2001. */
abstract class FilterBench {
    static final Endpoint FRIEND = new Endpoint(PcpAddress.parse("198.51.100.10"), 7000);
    static final Endpoint STRANGER = new Endpoint(PcpAddress.parse("198.51.100.11"), 7000);
    static final Filter ONLY_FRIEND = new Filter(128, 0, FRIEND.address());
    static final Filter ONLY_STRANGER = new Filter(128, 0, STRANGER.address());
    static final Filter CLEAR = new Filter(0, 0, PcpAddress.ANY_IPV6);
    static final PortSet THREE_PORTS = new PortSet(3, 8080, false);

    Bench bench = new Bench(
            new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true), Bench.pool(2000, 2009), 1000);

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
        assertThat(bench.faults.stillRefuses()).as("a fault that never came").isFalse();
    }

    static WantedMap wanted(PcpOption... options) {
        return map().suggest(2001).with(options);
    }

    /** {@return who of friend and stranger gets in, of all ports of the mapping alike} */
    static String letIn(Bench bench, int ports) {
        var answers = Stream.iterate(2001, port -> port + 1)
                .limit(ports)
                .map(port -> (passes(bench, FRIEND, port) ? "friend " : "")
                        + (passes(bench, STRANGER, port) ? "stranger" : ""))
                .map(String::strip)
                .distinct()
                .toList();
        assertThat(answers).as("each port the same").hasSize(1);
        return answers.getFirst();
    }

    String letIn() {
        return letIn(bench, 1);
    }

    static boolean passes(Bench bench, Endpoint remote, int port) {
        return bench.inbound(IpProtocol.TCP, remote, port).isPresent();
    }
}
