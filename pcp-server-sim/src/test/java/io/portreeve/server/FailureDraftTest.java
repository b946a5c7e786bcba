package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.MALFORMED_REQUEST;
import static io.portreeve.pcp.ResultCode.NONEXIST_MAP;
import static io.portreeve.pcp.ResultCode.SUCCESS;
import static io.portreeve.pcp.ResultCode.USER_EX_QUOTA;
import static io.portreeve.server.RequestChecksTest.result;
import static io.portreeve.server.WantedGet.get;
import static io.portreeve.server.WantedGet.inside;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.NextMapping;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The table of five mappings and the message flows of draft-boucadair-pcp-failure section 5. Its figures 4 to 6 do not agree
 * with its table nor with the rule of section 4.1 that a port needs a protocol: here the table holds. Mappings are listed in
 * the order of their tuples and not of their lifetimes.
 */
final class FailureDraftTest {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final String FIRST_HOST = "198.51.100.1";
    private static final String SECOND_HOST = "198.51.100.2";
    private static final PcpAddress EXTERNAL = PcpAddress.parse("192.0.2.1");

    /** A row of table 1. */
    private record Row(int protocol, String internal, int internalPort, int externalPort, long left) {
        WantedMap wanted() {
            return map().from(PcpAddress.parse(internal))
                    .protocol(protocol)
                    .port(internalPort)
                    .suggest(externalPort)
                    .suggest(EXTERNAL.toString())
                    .lifetime(left);
        }

        NextMapping listed(boolean end) {
            var tuple = GetTuple.of(
                    new IpProtocol(protocol), PcpAddress.parse(internal), internalPort, EXTERNAL, externalPort);
            return new NextMapping(tuple, end, new Lifetime(left), List.of());
        }
    }

    private static final Row UDP_25655 = new Row(UDP, FIRST_HOST, 25_655, 15_659, 1659);
    private static final Row TCP_12354 = new Row(TCP, SECOND_HOST, 12_354, 32_654, 3600);
    private static final Row TCP_8596 = new Row(TCP, SECOND_HOST, 8596, 25_659, 6000);
    private static final Row UDP_19856 = new Row(UDP, FIRST_HOST, 19_856, 42_654, 7200);
    private static final Row TCP_15775 = new Row(TCP, FIRST_HOST, 15_775, 32_652, 9000);

    private final Datagrams server = server(64);

    private static Datagrams server(int quota) {
        var pool = Stream.of(IpProtocol.TCP, IpProtocol.UDP)
                .map(protocol -> new PoolRange(EXTERNAL, protocol, 15_000, 43_000))
                .toList();
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), quota, true)
                .with(Extras.DEFAULT.with(Disclosure.NONCE));
        return new Datagrams(new Bench(policy, pool, 1000), policy.opcodes());
    }

    @BeforeEach
    void table() {
        for (var row : List.of(UDP_25655, TCP_12354, TCP_8596, UDP_19856, TCP_15775)) {
            var granted = (MapResponse) server.ask(row.wanted().build());
            assertThat(granted)
                    .extracting(MapResponse::assignedPort, MapResponse::lifetime)
                    .containsExactly(row.externalPort(), new Lifetime(row.left()));
        }
    }

    private GetResponse read(String host, GetTuple filter) {
        return (GetResponse)
                server.ask(get().from(PcpAddress.parse(host)).filter(filter).build());
    }

    private GetResponse readOne(String host, GetTuple filter) {
        return (GetResponse) server.ask(
                get().from(PcpAddress.parse(host)).filter(filter).end().build());
    }

    @Test
    @Proves({"pcp:G-03", "pcp:G-04"})
    void figure3() {
        var filter = inside(TCP, FIRST_HOST, 59_864);
        var answer = readOne(FIRST_HOST, filter);
        assertThat(answer.result()).isEqualTo(NONEXIST_MAP.value());
        assertThat(answer.filter()).isEqualTo(filter);
    }

    /** What is told by GET is what the client needs to delete it. The draft draws TCP. */
    @Test
    @Proves({"pcp:G-01", "pcp:G-07"})
    void figure4() {
        assertThat(readOne(FIRST_HOST, inside(TCP, FIRST_HOST, 25_655)).result())
                .isEqualTo(NONEXIST_MAP.value());

        var filter = inside(UDP, FIRST_HOST, 25_655);
        assertThat(readOne(FIRST_HOST, filter).options()).containsExactly(UDP_25655.listed(true));

        var deleted = (MapResponse) server.ask(UDP_25655.wanted().lifetime(0).build());
        assertThat(deleted.result()).isEqualTo(SUCCESS.value());
        assertThat(deleted.lifetime()).isEqualTo(Lifetime.DELETE);
        assertThat(readOne(FIRST_HOST, filter).result()).isEqualTo(NONEXIST_MAP.value());
        assertThat(server.bench().mappings()).hasSize(4);
    }

    /** The draft draws the shorter lifetime first. */
    @Test
    @Proves({"pcp:G-01", "pcp:G-05", "pcp:G-08"})
    void figure5() {
        var filter = inside(0, SECOND_HOST, 0);
        var answer = read(SECOND_HOST, filter);
        assertThat(answer.result()).isEqualTo(SUCCESS.value());
        assertThat(answer.filter()).isEqualTo(filter);
        assertThat(answer.options()).containsExactly(TCP_8596.listed(false), TCP_12354.listed(true));
        assertThat(read(FIRST_HOST, filter).result())
                .as("the other host's are not to be seen")
                .isEqualTo(NONEXIST_MAP.value());
    }

    /** The draft draws a port without a protocol, and TCP 25655 where its table has 15775. */
    @Test
    @Proves({"pcp:G-01", "pcp:G-02", "pcp:G-05", "pcp:G-08"})
    void figure6() {
        assertThat(read(FIRST_HOST, inside(0, FIRST_HOST, 25_655)).result()).isEqualTo(MALFORMED_REQUEST.value());

        assertThat(read(FIRST_HOST, inside(0, FIRST_HOST, 0)).options())
                .containsExactly(TCP_15775.listed(false), UDP_19856.listed(false), UDP_25655.listed(true));

        var sameOfTcp = new Row(TCP, FIRST_HOST, 25_655, 32_653, 9000);
        server.ask(sameOfTcp.wanted().build());
        assertThat(read(FIRST_HOST, inside(TCP, FIRST_HOST, 25_655)).options()).containsExactly(sameOfTcp.listed(true));
        assertThat(read(FIRST_HOST, inside(UDP, FIRST_HOST, 25_655)).options()).containsExactly(UDP_25655.listed(true));
    }

    /** Section 2.2: an application comes back on another port. */
    @Test
    @Proves("pcp:F-22-02")
    void aStaleMappingKeepsItsPortAndItsPlace() {
        var second = server(2);
        var stale = (MapResponse) second.ask(map().port(1).suggest(20_000).build());
        var anew = (MapResponse) second.ask(map().port(2).suggest(20_000).build());
        assertThat(anew.result()).isEqualTo(SUCCESS.value());
        assertThat(anew.assignedPort()).isNotEqualTo(stale.assignedPort());
        assertThat(second.bench().mappings()).hasSize(2);

        var only = server(1);
        only.ask(map().port(1).build());
        assertThat(result(only.bench().ask(Bench.CLIENT, map().port(2).build())))
                .isEqualTo(USER_EX_QUOTA);
        only.ask(map().port(1).lifetime(0).build());
        assertThat(((MapResponse) only.ask(map().port(2).build())).result()).isEqualTo(SUCCESS.value());
    }
}
