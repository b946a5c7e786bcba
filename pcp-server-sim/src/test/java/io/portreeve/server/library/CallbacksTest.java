package io.portreeve.server.library;

import static io.portreeve.server.library.LibraryBench.HOME;
import static io.portreeve.server.library.LibraryBench.endpoint;
import static io.portreeve.server.library.LibraryBench.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.pcp.wire.Vectors;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the CGN tells its clients through the library. */
@Proves("pcp:L-07")
final class CallbacksTest {
    private static final Endpoint MOVED = endpoint("203.0.113.9", 41_969);
    private static final Lifetime REST = new Lifetime(3000);
    private static final PcpAddress MANAGER = PcpAddress.parse("100.64.0.1");
    private static final Filter FILTER = new Filter(128, 0, PcpAddress.parse("198.51.100.1"));

    private final LibraryBench bench = new LibraryBench(
            LibraryBench.nat444(LibraryFlag.ANNOUNCE, LibraryFlag.UPDATE, LibraryFlag.THIRD_PARTY),
            "203.0.113.7",
            41_969,
            3600);

    private String sent() {
        return HexFormat.of().formatHex(bench.cgn.sent.remove().octets());
    }

    private PcpContext askedV04() {
        var context = LibraryBench.context(HOME);
        context.request(Vectors.octets("V04"));
        bench.library.runOnce(context);
        assertThat(bench.cgn.sent).hasSize(1);
        bench.cgn.sent.clear();
        bench.pass(Duration.ofSeconds(2));
        return context;
    }

    @Test
    void announces() {
        bench.library.announce(LibraryBench.context(HOME), new EpochTime(0));
        assertThat(sent()).isEqualTo(Vectors.of("V03").hex());
        bench.library.announce(LibraryBench.context(HOME), new EpochTime(7));
        assertThat(bench.heard()).isEqualTo(new AnnounceResponse(0, new EpochTime(7)));
    }

    /** How many it is for, the CGN sees by the context itself. */
    @Test
    void anAnnouncementIsSentByItsContext() {
        var seen = new ArrayList<PcpContext>();
        var cgn = new FakeCgn(HOME, 1, REST, () -> MonoTime.START) {
            @Override
            public void sendResponse(PcpContext context, byte[] octets) {
                seen.add(context);
            }
        };
        var multicast = LibraryBench.context(PcpAddress.parse("224.0.0.1"));
        new PcpLibrary(bench.library.settings(), cgn, () -> MonoTime.START).announce(multicast, new EpochTime(0));
        assertThat(seen).singleElement().isSameAs(multicast);
    }

    @Test
    void updatesWhatItGranted() {
        askedV04();
        var told =
                bench.library.update(LibraryBench.context(HOME), IpProtocol.TCP, new Endpoint(HOME, 8080), MOVED, REST);
        assertThat(told).isTrue();
        assertThat(sent()).isEqualTo(Vectors.of("V27").hex());
    }

    @Test
    void updatesWhatItGrantedForAThirdParty() {
        var its = askedFor(MANAGER, new ThirdParty(HOME));
        bench.pass(Duration.ofSeconds(2));
        var context = LibraryBench.context(MANAGER);
        assertThat(bench.library.update(context, IpProtocol.TCP, new Endpoint(HOME, 8080), MOVED, REST))
                .isTrue();
        assertThat(context.response()).hasSize(80);
        var heard = (MapResponse) bench.heard();
        assertThat(heard.options()).containsExactly(new ThirdParty(HOME));
        assertThat(heard.nonce()).isEqualTo(its.nonce());
        assertThat(heard.assignedAddress()).isEqualTo(MOVED.address());
    }

    private MapRequest askedFor(PcpAddress client, PcpOption... options) {
        var request = map(client, 3600, IpProtocol.TCP, 8080, endpoint("0.0.0.0", 0), options);
        assertThat(bench.ask(request).result()).isZero();
        return request;
    }

    @Test
    void anUpdateHasTheFilters() {
        askedFor(HOME, FILTER);
        askedFor(HOME);
        bench.library.update(LibraryBench.context(HOME), IpProtocol.TCP, new Endpoint(HOME, 8080), MOVED, REST);
        assertThat(bench.heard().options()).containsExactly(FILTER);
        var other = new Filter(120, 0, PcpAddress.parse("198.51.100.0"));
        askedFor(HOME, new Filter(0, 0, PcpAddress.ANY_IPV6), other);
        bench.library.update(LibraryBench.context(HOME), IpProtocol.TCP, new Endpoint(HOME, 8080), MOVED, REST);
        assertThat(bench.heard().options()).as("the others are cleared").containsExactly(other);
    }

    @Test
    void whatIsNotGrantedIsNotUpdated() {
        askedFor(HOME);
        var internal = new Endpoint(HOME, 8080);
        assertThat(bench.library.update(LibraryBench.context(MANAGER), IpProtocol.TCP, internal, MOVED, REST))
                .as("another's")
                .isFalse();
        assertThat(bench.library.update(LibraryBench.context(HOME), IpProtocol.UDP, internal, MOVED, REST))
                .isFalse();
        bench.pass(Duration.ofHours(1));
        assertThat(bench.library.update(LibraryBench.context(HOME), IpProtocol.TCP, internal, MOVED, REST))
                .as("over")
                .isFalse();
        assertThat(bench.cgn.sent).isEmpty();
    }

    @Test
    void anUpdateGivesTheMappingALifetime() {
        askedFor(HOME);
        bench.pass(Duration.ofSeconds(3500));
        bench.library.update(LibraryBench.context(HOME), IpProtocol.TCP, new Endpoint(HOME, 8080), MOVED, REST);
        bench.heard();
        bench.pass(Duration.ofSeconds(2999));
        assertThat(bench.ask(NonceTest.withNonce(map(8080), 9)).result()).isEqualTo(2);
    }

    /** What the CGN kept: the response, or the request it answers. */
    private enum Kept {
        RESPONSE,
        REQUEST
    }

    @ParameterizedTest
    @EnumSource(Kept.class)
    void recyclesWhatTheCgnKept(Kept kept) {
        var before = askedV04();
        var context = LibraryBench.context(HOME);
        switch (kept) {
            case RESPONSE -> context.response(before.response());
            case REQUEST -> context.request(before.request());
        }
        assertThat(bench.library.updateRecycle(context, MOVED, REST)).isTrue();
        assertThat(sent()).isEqualTo(Vectors.of("V27").hex());
    }

    @Test
    void recyclesAfterARestart() {
        var context = LibraryBench.context(HOME);
        context.response(Vectors.octets("V05"));
        assertThat(bench.library.updateRecycle(context, MOVED, REST)).isTrue();
        assertThat(((MapResponse) bench.heard()).lifetime()).isEqualTo(REST);
    }

    @Test
    void recyclesTheOptionsThatLast() {
        var request = map(
                MANAGER,
                3600,
                IpProtocol.TCP,
                8080,
                endpoint("0.0.0.0", 41_969),
                new ThirdParty(HOME),
                new PreferFailure(),
                new Description("tv"),
                FILTER);
        var context = LibraryBench.context(MANAGER);
        context.request(PcpEncoder.encode(request));
        assertThat(bench.library.updateRecycle(context, MOVED, REST)).isTrue();
        assertThat(bench.heard().options()).containsExactly(new ThirdParty(HOME), FILTER);
    }

    @Test
    void recyclesNothingElse() {
        for (var vector : List.of("V01", "V07", "V12")) {
            var context = LibraryBench.context(vector.equals("V12") ? PcpAddress.parse("10.80.30.128") : HOME);
            context.request(Vectors.octets(vector));
            assertThat(bench.library.updateRecycle(context, MOVED, REST))
                    .as(vector)
                    .isFalse();
        }
        for (var vector : List.of("V02", "V08", "V13", "V24")) {
            var context = LibraryBench.context(HOME);
            context.response(Vectors.octets(vector));
            assertThat(bench.library.updateRecycle(context, MOVED, REST))
                    .as(vector)
                    .isFalse();
        }
        assertThat(bench.library.updateRecycle(LibraryBench.context(HOME), MOVED, REST))
                .as("an empty one")
                .isFalse();
        assertThat(bench.cgn.sent).isEmpty();
    }

    @Test
    void recyclingGivesTheMappingALifetime() {
        var context = askedV04();
        bench.pass(Duration.ofSeconds(3500));
        assertThat(bench.library.updateRecycle(context, MOVED, REST)).isTrue();
        bench.heard();
        bench.pass(Duration.ofSeconds(2999));
        assertThat(bench.ask(map(8080)).result()).isEqualTo(2);
    }

    @Test
    void recyclesNothingOfAThirdPartyThatIsAnothersByNow() {
        var context = LibraryBench.context(MANAGER);
        var any = endpoint("0.0.0.0", 0);
        bench.ask(map(MANAGER, 3600, IpProtocol.TCP, 8080, any, new ThirdParty(HOME)), context);
        bench.ask(map(MANAGER, 0, IpProtocol.TCP, 8080, any, new ThirdParty(HOME)));
        assertThat(bench.ask(NonceTest.withNonce(map(8080), 9)).result()).isZero();
        assertThat(bench.library.updateRecycle(context, MOVED, REST)).isFalse();
        assertThat(bench.cgn.sent).isEmpty();
    }

    @Test
    void recyclesNothingThatIsAnothersByNow() {
        var context = askedV04();
        var request = new MapRequest(
                Lifetime.DELETE,
                HOME,
                MappingNonce.parse("a1a2a3a4b1b2b3b4c1c2c3c4"),
                IpProtocol.TCP,
                8080,
                0,
                PcpAddress.ANY_IPV4,
                List.of());
        bench.ask(request);
        bench.ask(map(8080));
        assertThat(bench.library.updateRecycle(context, MOVED, REST)).isFalse();
        assertThat(bench.cgn.sent).isEmpty();
    }

    @Test
    void aNewEpochIsNotTheCachedOne() {
        var cached = LibraryBench.ofNat444(LibraryFlag.ANNOUNCE, LibraryFlag.CACHE);
        cached.pass(Duration.ofSeconds(100));
        cached.ask(map(80));
        cached.cgn.epochs.put(HOME, 100L);
        cached.library.announce(LibraryBench.context(PcpAddress.parse("224.0.0.1")), new EpochTime(0));
        cached.heard();
        assertThat(cached.ask(map(80)).epoch()).isEqualTo(new EpochTime(0));
    }
}
