package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.MALFORMED_OPTION;
import static io.portreeve.pcp.ResultCode.MALFORMED_REQUEST;
import static io.portreeve.pcp.ResultCode.NONEXIST_MAP;
import static io.portreeve.pcp.ResultCode.UNSUPP_OPTION;
import static io.portreeve.server.WantedGet.get;
import static io.portreeve.server.WantedGet.inside;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.NextMapping;
import io.portreeve.pcp.PcpOption.NextRequest;
import io.portreeve.pcp.PcpOption.Unknown;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which mappings GET lists. */
final class GetTest extends GetBench {
    @Test
    @Proves({"pcp:G-01", "pcp:G-03"})
    void whatIsThereIsToldWithWhatIsLeftOfIt() {
        grant(bench, map().suggest(2001));
        bench.pass(Duration.ofSeconds(600));
        var tuple = GetTuple.of(IpProtocol.TCP, PcpAddress.parse(MINE), 8080, Bench.EXTERNAL, 2001);
        var filter = inside(6, MINE, 8080);
        assertThat(read(get().filter(filter)))
                .isEqualTo(new GetResponse(
                        0,
                        Lifetime.DELETE,
                        new EpochTime(600),
                        new MappingNonce(1, 2, 3),
                        filter,
                        List.of(new NextMapping(tuple, true, new Lifetime(3000), List.of()))));
    }

    @Test
    @Proves("pcp:G-01")
    void onlyTheAskersExplicitMappingsAreListed() {
        bench.cgn.unlockDynamic();
        grant(bench, map().port(1));
        grant(bench, map().from(OTHER.address()).port(2));
        grant(bench, map().port(3).with(thirdParty(HOST)));
        bench.ask(Bench.CLIENT, peer().build());
        var internal = new Endpoint(Bench.CLIENT.address(), 443);
        bench.add(
                new SubscriberId(Bench.CLIENT.address()), IpProtocol.TCP, internal, new Endpoint(Bench.EXTERNAL, 2099));
        assertThat(bench.mappings()).hasSize(4);
        assertThat(internalPorts(read(get()))).containsExactly(1);
        refuses(get().nonce(0).build(), NONEXIST_MAP, 30);
    }

    static Stream<GetTuple> unsound() {
        var any = PcpAddress.ANY_IPV6;
        var host = PcpAddress.parse(MINE);
        return Stream.of(
                inside(0, "::", 25_655),
                new GetTuple(IpProtocol.ALL, 0, 0, any, any, 0, 25_655),
                new GetTuple(IpProtocol.TCP, 0, 1, host, any, 0, 0),
                new GetTuple(IpProtocol.TCP, 1, 0, host, host, 0, 0),
                new GetTuple(IpProtocol.TCP, 1, 0, PcpAddress.parse("2001:db8::1"), any, 0, 0),
                new GetTuple(IpProtocol.TCP, 2, 0, host, any, 0, 0),
                new GetTuple(IpProtocol.TCP, 3, 0, any, any, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("unsound")
    @Proves("pcp:G-02")
    void aFilterThatSaysNothingSoundIsMalformed(GetTuple filter) {
        grant(bench, map());
        refuses(get().filter(filter).build(), MALFORMED_REQUEST, 1800);
    }

    static Stream<GetTuple> matching() {
        var any = PcpAddress.ANY_IPV6;
        var host = PcpAddress.parse(MINE);
        return Stream.of(
                inside(6, "::", 0),
                inside(0, MINE, 0),
                inside(6, MINE, 2),
                new GetTuple(IpProtocol.ALL, 1, 1, PcpAddress.ANY_IPV4, PcpAddress.ANY_IPV4, 0, 0),
                new GetTuple(IpProtocol.TCP, 0, 1, any, Bench.EXTERNAL, 0, 2002),
                new GetTuple(IpProtocol.TCP, 1, 1, host, Bench.EXTERNAL, 2, 2002));
    }

    @ParameterizedTest
    @MethodSource("matching")
    @Proves("pcp:G-01")
    void allFieldsOfTheFilterMustMatch(GetTuple filter) {
        grant(bench, map().port(2).suggest(2002));
        assertThat(internalPorts(read(get().filter(filter)))).containsExactly(2);
    }

    static Stream<GetTuple> notMatching() {
        var any = PcpAddress.ANY_IPV6;
        return Stream.of(
                inside(17, MINE, 2),
                inside(6, HOST, 2),
                inside(6, MINE, 3),
                new GetTuple(IpProtocol.ALL, 2, 0, any, any, 0, 0),
                new GetTuple(IpProtocol.ALL, 0, 2, any, any, 0, 0),
                new GetTuple(IpProtocol.ALL, 0, 1, any, PcpAddress.parse("203.0.114.9"), 0, 0),
                new GetTuple(IpProtocol.TCP, 0, 0, any, any, 0, 2003));
    }

    @ParameterizedTest
    @MethodSource("notMatching")
    @Proves({"pcp:G-01", "pcp:G-04"})
    void oneFieldThatDoesNotIsEnough(GetTuple filter) {
        grant(bench, map().port(2).suggest(2002));
        for (var asked : List.of(
                get().filter(filter).build(),
                get().filter(filter).end().build(),
                get().filter(filter).withoutNext())) {
            refuses(asked, NONEXIST_MAP, 30);
        }
    }

    @Test
    @Proves("pcp:G-04")
    void withoutNextItOnlySaysWhetherThereIsAnything() {
        refuses(get().withoutNext(), NONEXIST_MAP, 30);
        grant(bench, map());
        assertThat(read(bench, get().withoutNext()).options()).isEmpty();
    }

    @Test
    @Proves("pcp:G-06")
    void twoNextsOrOptionsOfAnotherOpcodeAreRefused() {
        grant(bench, map());
        var next = new NextRequest(GetTuple.ANY, true, List.of());
        refuses(get().with(next).build(), MALFORMED_OPTION, 1800);
        refuses(get().with(PREFER_FAILURE).build(), MALFORMED_OPTION, 1800);
        refuses(get().with(new Unknown(126)).build(), UNSUPP_OPTION, 1800);
        refuses(get().with(thirdParty(MINE)).build(), MALFORMED_REQUEST, 1800);
        assertThat(read(get().with(new Unknown(200), new Description("x"))).mappings())
                .hasSize(1);
    }

    @Test
    @Proves("pcp:G-07")
    void endIsOneMappingAndSaysWhetherItIsTheLast() {
        grant(bench, map().port(1).suggest(2009));
        var only = read(get().end()).mappings();
        assertThat(only)
                .singleElement()
                .satisfies(last -> assertThat(last.end()).isTrue());
        grant(bench, map().port(2).suggest(2001));
        var first = read(get().end()).mappings();
        assertThat(first)
                .singleElement()
                .satisfies(next -> assertThat(next.end()).isFalse());
        var one = first.getFirst().tuple();
        var two = read(get().end().filter(inside(6, MINE, 1)).after(one)).mappings();
        assertThat(two).singleElement().satisfies(last -> assertThat(last.end()).isTrue());
        assertThat(read(get().end().after(one)).mappings())
                .as("END begins with the locator itself")
                .isEqualTo(first);
    }
}
