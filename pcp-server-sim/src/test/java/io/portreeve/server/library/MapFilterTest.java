package io.portreeve.server.library;

import static io.portreeve.server.library.LibraryBench.HOME;
import static io.portreeve.server.library.LibraryBench.endpoint;
import static io.portreeve.server.library.LibraryBench.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.Endpoint;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Making mappings, with filters or without. */
final class MapFilterTest {
    private static final Filter CLEAR = new Filter(0, 0, PcpAddress.ANY_IPV6);

    private final LibraryBench bench = LibraryBench.ofNat444();

    private static Filter from(int host) {
        return new Filter(128, 0, PcpAddress.parse("198.51.100." + host));
    }

    private static CgnFilter atCgn(int host) {
        return new CgnFilter(128, PcpAddress.parse("198.51.100." + host), 0);
    }

    private FakeCgn.Mapping only() {
        assertThat(bench.cgn.mappings).hasSize(1);
        return bench.cgn.mappings.values().iterator().next();
    }

    private int prefers(int port, int external) {
        var suggested = endpoint("0.0.0.0", external);
        return bench.ask(map(HOME, 60, IpProtocol.TCP, port, suggested, new PreferFailure()))
                .result();
    }

    @Test
    @Proves("pcp:L-03")
    void preferFailureIsTheCgnsToHonour() {
        assertThat(prefers(80, 40_080)).isZero();
        assertThat(bench.calls()).contains("addMapping TCP 192.168.1.10:80 0.0.0.0:40080 60 s [PREFER_FAILURE]");
        assertThat(prefers(81, 40_080)).isEqualTo(11);
        assertThat(bench.cgn.mappings).hasSize(1);
    }

    @Test
    @Proves({"pcp:L-03", "pcp:L-05"})
    void aNewMappingIsLockedUntilItsFiltersAreThere() {
        var response = bench.ask(map(80, from(1), from(2)));
        assertThat(response.options()).containsExactly(from(1), from(2));
        assertThat(bench.calls())
                .containsSubsequence(
                        "addMapping TCP 192.168.1.10:80 0.0.0.0:0 3600 s [CREATE_AS_LOCKED]",
                        "filter TCP 192.168.1.10:80 [UNLOCK_ON_SUCCESS] 2",
                        "sendResponse");
        assertThat(only().active()).isTrue();
        assertThat(only().filters()).containsExactly(atCgn(1), atCgn(2));
    }

    @Test
    @Proves({"pcp:L-03", "pcp:L-05"})
    void aNewMappingWhoseFiltersFailIsGone() {
        bench.cgn.mostFilters = 1;
        assertThat(bench.ask(map(80, from(1), from(2))).result()).isEqualTo(13);
        assertThat(bench.cgn.mappings).isEmpty();
        var another = LibraryBench.map(80);
        assertThat(bench.ask(NonceTest.withNonce(another, 9)).result())
                .as("nor is it anybody's")
                .isZero();
    }

    @Test
    @Proves("pcp:L-05")
    void filtersAddUpAndAreClearedFirst() {
        bench.ask(map(80, from(1)));
        bench.ask(map(80, from(2)));
        assertThat(only().filters()).containsExactly(atCgn(1), atCgn(2));
        bench.calls();
        bench.ask(map(80, from(3), CLEAR, from(4)));
        assertThat(bench.calls()).contains("filter TCP 192.168.1.10:80 [DELETE_FILTERS] 1");
        assertThat(only().filters()).containsExactly(atCgn(4));
        bench.ask(map(80, CLEAR));
        assertThat(only().filters()).isEmpty();
        assertThat(only().active()).isTrue();
    }

    @Test
    @Proves("pcp:L-05")
    void filtersThatFailLeaveAnOldMappingAsItWas() {
        bench.cgn.mostFilters = 1;
        bench.ask(map(80, from(1)));
        assertThat(bench.ask(map(80, from(2))).result()).isEqualTo(13);
        assertThat(only().filters()).containsExactly(atCgn(1));
        assertThat(only().active()).isTrue();
        assertThat(bench.ask(NonceTest.withNonce(map(80), 9)).result()).isEqualTo(2);
    }

    @Test
    @Proves({"pcp:L-03", "pcp:L-05"})
    void aCgnThatFailsAtTheFiltersLeavesNothing() {
        var failing = new FakeCgn(PcpAddress.parse("203.0.113.7"), 1, new Lifetime(60), () -> MonoTime.START) {
            @Override
            public ReturnCode filter(
                    PcpContext context,
                    IpProtocol protocol,
                    Endpoint internal,
                    Set<FilterFlag> flags,
                    List<CgnFilter> filters) {
                throw new IllegalStateException("no rules");
            }
        };
        var context = LibraryBench.context(HOME);
        context.request(PcpEncoder.encode(map(80, from(1))));
        new PcpLibrary(LibraryBench.nat444(), failing, () -> MonoTime.START).runOnce(context);
        assertThat(failing.sent.remove().octets()[3]).isEqualTo((byte) 8);
        assertThat(failing.mappings).isEmpty();
    }

    @Test
    void noMoreFiltersThanAnAnswerCanTell() {
        bench.cgn.mostFilters = 100;
        assertThat(bench.ask(map(80, filters(0, 43))).result()).isZero();
        assertThat(bench.ask(map(80, filters(0, 43))).result()).as("the same").isZero();
        assertThat(bench.ask(map(80, filters(43, 1))).result()).isEqualTo(13);
        assertThat(only().filters()).hasSize(43);
    }

    private static PcpOption[] filters(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(MapFilterTest::from)
                .toArray(PcpOption[]::new);
    }

    @Test
    void aStaticMappingIsForEver() {
        bench.cgn.addStatic(IpProtocol.TCP, endpoint("192.168.1.10", 80), endpoint("203.0.113.7", 80));
        var response = (MapResponse) bench.ask(map(80));
        assertThat(response.lifetime()).isEqualTo(Lifetime.INFINITE);
        assertThat(response.assignedPort()).isEqualTo(80);
        assertThat(bench.ask(NonceTest.withNonce(map(80), 9)).result())
                .as("and nobody's")
                .isZero();
    }
}
