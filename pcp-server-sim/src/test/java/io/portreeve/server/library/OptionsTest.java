package io.portreeve.server.library;

import static io.portreeve.server.library.LibraryBench.HOME;
import static io.portreeve.server.library.LibraryBench.endpoint;
import static io.portreeve.server.library.LibraryBench.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.pcp.PcpOption.ThirdPartyId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Options where they mean nothing, too often, or that nobody knows. */
final class OptionsTest {
    private static final PcpOption OTHER = new ThirdParty(PcpAddress.parse("192.168.1.11"));
    private static final PcpOption FILTER = new Filter(128, 0, PcpAddress.parse("198.51.100.1"));
    private static final PcpOption PREFERS = new PreferFailure();

    private final LibraryBench bench = LibraryBench.ofNat444(LibraryFlag.THIRD_PARTY);

    private static Stream<Arguments> ofMap() {
        return Stream.of(
                Arguments.of("unknown", 3600, 40_000, List.of(new ThirdPartyId("01")), 5),
                Arguments.of("unknown, but optional", 3600, 40_000, List.of(new Description("tv")), 0),
                Arguments.of("so is a set", 3600, 40_000, List.of(new PortSet(2, 80, false)), 0),
                Arguments.of("two hosts", 3600, 40_000, List.of(OTHER, OTHER), 6),
                Arguments.of("preferred twice", 3600, 40_000, List.of(PREFERS, PREFERS), 6),
                Arguments.of("preferred once", 3600, 40_000, List.of(PREFERS), 0),
                Arguments.of("what is preferred?", 3600, 0, List.of(PREFERS), 6),
                Arguments.of("preferred to deletion", 0, 40_000, List.of(PREFERS), 6),
                Arguments.of("filtered and deleted", 0, 40_000, List.of(FILTER), 6),
                Arguments.of("filtered twice", 3600, 40_000, List.of(FILTER, FILTER), 0),
                Arguments.of("the first that is wrong", 3600, 0, List.of(new ThirdPartyId("01"), PREFERS), 5),
                Arguments.of("the other way round", 3600, 0, List.of(PREFERS, new ThirdPartyId("01")), 6));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofMap")
    void ofMap(String why, int lifetime, int port, List<PcpOption> options, int result) {
        var asked =
                map(HOME, lifetime, IpProtocol.TCP, 80, endpoint("0.0.0.0", port), options.toArray(PcpOption[]::new));
        var response = bench.ask(asked);
        assertThat(response.result()).as(why).isEqualTo(result);
        assertThat(bench.cgn.mappings).hasSize(result == 0 ? 1 : 0);
        if (result == 0) {
            assertThat(response.options())
                    .isEqualTo(options.stream()
                            .filter(PcpOption::isMandatoryToProcess)
                            .toList());
        }
    }

    @Test
    void anAnnounceHasNone() {
        for (var option : List.of(OTHER, FILTER, PREFERS)) {
            assertThat(bench.ask(new AnnounceRequest(HOME, List.of(option))).result())
                    .isEqualTo(6);
        }
        assertThat(bench.ask(new AnnounceRequest(HOME, List.of(new Description("tv"))))
                        .result())
                .isZero();
    }
}
