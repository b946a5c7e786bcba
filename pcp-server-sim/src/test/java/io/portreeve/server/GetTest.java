package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.MALFORMED_OPTION;
import static io.portreeve.pcp.ResultCode.MALFORMED_REQUEST;
import static io.portreeve.pcp.ResultCode.NONEXIST_MAP;
import static io.portreeve.pcp.ResultCode.UNSUPP_OPTION;
import static io.portreeve.server.RequestChecksTest.result;
import static io.portreeve.server.WantedGet.get;
import static io.portreeve.server.WantedGet.inside;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.OptionCode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.DisclosedNonce;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.NextMapping;
import io.portreeve.pcp.PcpOption.NextRequest;
import io.portreeve.pcp.PcpOption.PortReservation;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PcpOption.Unknown;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEvent.AddStatic;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which mappings GET lists, and with what. */
final class GetTest {
    private static final Endpoint OTHER = new Endpoint(PcpAddress.parse("100.64.0.3"), 49152);
    private static final String HOST = "192.168.1.33";
    private static final String MINE = "100.64.0.2";

    private final Bench bench = bench(Disclosure.NONCE);

    private static Bench bench(Disclosure disclosure) {
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true);
        return new Bench(policy.with(Extras.DEFAULT.with(disclosure)), Bench.pool(2000, 2099), 1000);
    }

    private static void grant(Bench bench, WantedMap wanted) {
        assertThat(bench.ask(new Endpoint(wanted.client(), 49152), wanted.build()))
                .isInstanceOf(Reply.class);
    }

    private static GetResponse read(Bench bench, GetRequest asked) {
        return (GetResponse) ((Reply) bench.ask(new Endpoint(asked.client(), 49152), asked)).response();
    }

    private GetResponse read(WantedGet asked) {
        return read(bench, asked.build());
    }

    private static List<Integer> internalPorts(GetResponse page) {
        return page.mappings().stream()
                .map(mapping -> mapping.tuple().internalPort())
                .toList();
    }

    private void refuses(GetRequest asked, ResultCode result, long lifetime) {
        assertThat(bench.ask(Bench.CLIENT, asked))
                .isEqualTo(new Refuse(bench.nextRequestId() - 1, result, new Lifetime(lifetime), new EpochTime(0)));
    }

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

    /** In one batch with requests that make a mapping, renew one and delete one. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Proves("rel:I2")
    void nothingIsListedThatIsNotOnDisk(boolean full) {
        grant(bench, map().port(1));
        grant(bench, map().port(2));
        bench.cgnIsSlow = true;
        bench.ask(Bench.CLIENT, map().port(3).build());
        bench.cgnIsSlow = false;
        bench.hearFromCgn(1);
        bench.store.full = full;
        var answers = bench.askAtOnce(
                Bench.CLIENT,
                List.of(
                        map().port(1).lifetime(7200).build(),
                        get().build(),
                        map().port(2).lifetime(0).build()));
        var page = (GetResponse) ((Reply) answers.get(1)).response();
        assertThat(internalPorts(page)).containsExactlyInAnyOrderElementsOf(full ? List.of(1, 2) : List.of(1, 3));
        var renewed = page.mappings().stream()
                .filter(mapping -> mapping.tuple().internalPort() == 1)
                .findFirst()
                .orElseThrow();
        assertThat(renewed.remaining()).isEqualTo(new Lifetime(full ? 3600 : 7200));
    }

    private static final Filter ONE_HOST = new Filter(128, 0, PcpAddress.parse("198.51.100.10"));

    /** It could not be stored while its client already has its filter changed. */
    @Test
    @Proves("rel:I2")
    void whatIsTakenBackIsNotListedWhileItIsBeingChanged() {
        grant(bench, map().port(1));
        bench.cgnIsSlow = true;
        bench.ask(Bench.CLIENT, map().port(2).build());
        bench.cgnIsSlow = false;
        bench.hearFromCgn(1);
        bench.store.full = true;
        var answers = bench.askAtOnce(
                Bench.CLIENT, List.of(map().port(2).with(ONE_HOST).build(), get().build()));
        var page = (GetResponse) ((Reply) answers.get(1)).response();
        assertThat(internalPorts(page)).containsExactly(1);
    }

    @Test
    @Proves("rel:I2")
    void aRenewalThatIsTakenBackIsNotListedWhileTheFilterIsBeingChanged() {
        grant(bench, map().lifetime(300));
        bench.cgnIsSlow = true;
        bench.store.full = true;
        var answers = bench.askAtOnce(
                Bench.CLIENT,
                List.of(map().lifetime(600).build(), map().with(ONE_HOST).build(), get().build()));
        var page = (GetResponse) ((Reply) answers.get(2)).response();
        assertThat(page.mappings().getFirst().remaining()).isEqualTo(new Lifetime(300));
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
        bench.happen(new AddStatic(
                new SubscriberId(Bench.CLIENT.address()),
                IpProtocol.TCP,
                internal,
                new Endpoint(Bench.EXTERNAL, 2099)));
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

    @Test
    @Proves("pcp:G-10")
    void whatIsWantedOfAMappingComesWithIt() {
        var third = thirdParty(HOST);
        var filter = new Filter(120, 0, PcpAddress.parse("198.51.100.0"));
        var set = new PortSet(4, 8080, false);
        grant(bench, map().with(third, filter, set, new Description("Camera")));
        grant(bench, map().port(9000).with(third));
        var all = get().with(third)
                .wanting(
                        OptionCode.DESCRIPTION,
                        OptionCode.MAPPING_NONCE,
                        OptionCode.FILTER,
                        OptionCode.PORT_SET,
                        OptionCode.THIRD_PARTY,
                        77);
        var page = read(all);
        assertThat(page.options().getFirst()).isEqualTo(third);
        assertThat(page.mappings().get(0).embedded()).containsExactly(filter, third, set, new Description("Camera"));
        assertThat(page.mappings().get(1).embedded()).containsExactly(third);
        var some = read(get().with(third).wanting(OptionCode.FILTER)).mappings();
        assertThat(some.get(0).embedded()).containsExactly(filter);
        assertThat(some.get(1).embedded()).isEmpty();
        assertThat(read(get().with(third)).mappings().getFirst().embedded()).isEmpty();
    }

    @Test
    @Proves("pcp:G-10")
    void whatAMappingDoesNotHaveDoesNotComeWithIt() {
        grant(bench, map());
        var wanted =
                get().wanting(OptionCode.THIRD_PARTY, OptionCode.FILTER, OptionCode.PORT_SET, OptionCode.DESCRIPTION);
        assertThat(read(wanted).mappings().getFirst().embedded()).isEmpty();
    }

    @Test
    @Proves("pcp:G-10")
    void aPairMayBeAskedForByItsOlderName() {
        grant(bench, map().port(8080).with(new PortReservation()));
        grant(bench, map().port(9000).with(new PortSet(3, 9000, false)));
        var page = read(get().wanting(OptionCode.PORT_RESERVATION)).mappings();
        assertThat(page.get(0).embedded()).containsExactly(new PortSet(2, 8080, false));
        assertThat(page.get(1).embedded()).isEmpty();
    }

    @Test
    @Proves("pcp:G-14")
    void aForeignNonceSeesNothing() {
        grant(bench, map());
        refuses(get().nonce(9).build(), NONEXIST_MAP, 30);
        refuses(get().nonce(9).wanting(OptionCode.MAPPING_NONCE).build(), NONEXIST_MAP, 30);
        assertThat(read(get().wanting(OptionCode.MAPPING_NONCE))
                        .mappings()
                        .getFirst()
                        .embedded())
                .isEmpty();
    }

    @Test
    @Proves("pcp:G-14")
    void byAddressEverythingOfTheHostIsSeenButNoNonce() {
        var open = bench(Disclosure.ADDRESS);
        grant(open, map().port(1));
        grant(open, map().port(2).nonce(9));
        grant(open, map().port(3).with(thirdParty(HOST)));
        grant(open, map().from(OTHER.address()).port(4));
        var asked = get().nonce(5).wanting(OptionCode.MAPPING_NONCE);
        var page = read(open, asked.build());
        assertThat(internalPorts(page)).containsExactly(1, 2);
        assertThat(page.mappings())
                .allSatisfy(mapping -> assertThat(mapping.embedded()).isEmpty());
        assertThat(internalPorts(read(open, asked.with(thirdParty(HOST)).build())))
                .containsExactly(3);
    }

    @Test
    @Proves("pcp:G-14")
    void noncesAreToldOnlyIfThatIsSetAndWanted() {
        var open = bench(Disclosure.ADDRESS_WITH_NONCES);
        grant(open, map().nonce(9));
        var wanted = read(open, get().wanting(OptionCode.MAPPING_NONCE).build());
        assertThat(wanted.mappings().getFirst().embedded())
                .containsExactly(new DisclosedNonce(new MappingNonce(9, 0, 0)));
        assertThat(read(open, get().build()).mappings().getFirst().embedded()).isEmpty();
    }

    @Test
    @Proves("pcp:G-14")
    void whereThirdPartyIsOffNobodyReadsForOthers() {
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, false);
        var strict = new Bench(policy.with(Extras.DEFAULT.with(Disclosure.ADDRESS)), Bench.pool(2000, 2009), 1000);
        var asked = get().with(thirdParty(HOST)).build();
        assertThat(result(strict.ask(Bench.CLIENT, asked))).isEqualTo(UNSUPP_OPTION);
    }

    @Test
    @Proves("pcp:G-05")
    void aMappingWhoseFilterIsBeingChangedIsStillThere() {
        grant(bench, map().port(1));
        grant(bench, map().port(2));
        bench.cgnIsSlow = true;
        var filter = new Filter(120, 0, PcpAddress.parse("198.51.100.0"));
        bench.ask(Bench.CLIENT, map().port(1).with(filter).build());
        assertThat(internalPorts(read(get()))).containsExactly(1, 2);
        assertThat(read(get().wanting(OptionCode.FILTER)).mappings().getFirst().embedded())
                .as("not in force yet")
                .isEmpty();
        bench.letTheCgnAnswer();
        assertThat(read(get().wanting(OptionCode.FILTER)).mappings().getFirst().embedded())
                .containsExactly(filter);
        bench.assertNoOrphan();
    }
}
