package io.portreeve.server.library;

import static io.portreeve.server.library.LibraryBench.HOME;
import static io.portreeve.server.library.LibraryBench.endpoint;
import static io.portreeve.server.library.LibraryBench.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.requirements.Proves;
import io.portreeve.server.library.LibrarySettings.Conformance;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may ask for whom, and which callbacks there are. */
@Proves("pcp:L-12")
final class ThirdPartyTest {

    private static Set<LibraryFlag> flags(String names) {
        var flags = EnumSet.noneOf(LibraryFlag.class);
        Arrays.stream(names.split(" "))
                .filter(name -> !name.isEmpty())
                .map(LibraryFlag::valueOf)
                .forEach(flags::add);
        return flags;
    }

    private static MapRequest forAnother(String client, String internal) {
        return map(
                PcpAddress.parse(client),
                60,
                IpProtocol.TCP,
                80,
                endpoint("0.0.0.0", 0),
                new ThirdParty(PcpAddress.parse(internal)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RFC    |                             | 192.0.0.2   | 192.168.1.10 | 5
            RFC    | THIRD_PARTY                 | 100.64.0.1  | 192.168.1.10 | 0
            RFC    | THIRD_PARTY                 | 100.64.0.1  | 100.64.0.1   | 3
            RFC    | THIRD_PARTY                 | 100.64.0.1  | 0.0.0.0      | 6
            RFC    | THIRD_PARTY                 | 100.64.0.1  | 2001:db8::1  | 6
            RFC    | THIRD_PARTY THIRD_PARTY_CPE | 192.0.0.2   | 192.168.1.10 | 0
            RFC    | THIRD_PARTY THIRD_PARTY_CPE | 192.0.0.3   | 192.168.1.10 | 5
            LEGACY | THIRD_PARTY                 | 100.64.0.1  | 192.168.1.10 | 0
            LEGACY | THIRD_PARTY                 | 100.64.0.1  | 0.0.0.0      | 0
            LEGACY | THIRD_PARTY THIRD_PARTY_AO  | 100.64.0.1  | 0.0.0.0      | 0
            LEGACY | THIRD_PARTY THIRD_PARTY_AO  | 100.64.0.1  | 192.168.1.10 | 5
            """)
    void asFlagsAllow(Conformance conformance, String flags, String client, String internal, int result) {
        var known = flags(flags == null ? "" : flags);
        var settings = new LibrarySettings(CgnType.NAT444, LibraryBench.ALL_OPCODES, known, conformance);
        var bench = new LibraryBench(settings, "203.0.113.7");
        assertThat(bench.ask(forAnother(client, internal)).result()).isEqualTo(result);
        assertThat(bench.calls().stream().anyMatch(call -> call.startsWith("authorize")))
                .isEqualTo(result == 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NAT444 | THIRD_PARTY_CPE             | third-party-cpe needs third-party: add it, or remove third-party-cpe
            NAT444 | THIRD_PARTY_AO              | third-party-ao needs third-party: add it, or remove third-party-ao
            NAT444 | THIRD_PARTY THIRD_PARTY_AO  | third-party-ao is not of RFC 6887: remove it, or say conformance = legacy
            NAT64  | THIRD_PARTY THIRD_PARTY_CPE | third-party-cpe is for requests from 192.0.0.2, and those of nat64 come from IPv6: remove it
            DSLITE | CACHE                       | dslite knows the hosts behind a B4 by THIRD_PARTY: add third-party to the flags
            """)
    void whatDoesNotGoTogetherCannotBeMade(CgnType type, String flags, String message) {
        assertThatThrownBy(() -> new LibrarySettings(type, LibraryBench.NO_PEER, flags(flags)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void updatesAreOfMappings() {
        assertThatThrownBy(() -> new LibrarySettings(CgnType.NAT444, EnumSet.of(Opcode.PEER), flags("UPDATE")))
                .hasMessage("update tells what became of MAP's mappings: add the opcode map, or remove update");
    }

    @Test
    void callbacksNeedTheirFlags() {
        var library = LibraryBench.ofNat444(LibraryFlag.CACHE).library;
        var context = LibraryBench.context(HOME);
        assertThatThrownBy(() -> library.announce(context, new EpochTime(0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this library has no flag ANNOUNCE: add announce");
        assertThatThrownBy(() ->
                        library.update(context, IpProtocol.TCP, endpoint("192.168.1.10", 80), null, new Lifetime(1)))
                .hasMessage("this library has no flag UPDATE: add update");
        assertThatThrownBy(() -> library.updateRecycle(context, endpoint("203.0.113.7", 80), new Lifetime(1)))
                .hasMessage("this library has no flag UPDATE: add update");
    }

    private static long timesAsked(LibraryBench bench) {
        return bench.calls().stream()
                .filter(call -> call.startsWith("getSubscriber"))
                .count();
    }

    @Test
    void aSubscriberIsAskedForOnceWithTheCache() {
        var bench = LibraryBench.ofNat444(LibraryFlag.CACHE);
        bench.pass(Duration.ofSeconds(100));
        assertThat(bench.ask(map(80)).epoch()).isEqualTo(new EpochTime(100));
        bench.pass(Duration.ofSeconds(20));
        assertThat(bench.ask(map(80)).epoch()).as("runs on").isEqualTo(new EpochTime(120));
        assertThat(timesAsked(bench)).isEqualTo(1);
        bench.cgn.epochs.put(HOME, 120L);
        bench.library.uncache(LibraryBench.context(HOME));
        assertThat(bench.ask(map(80)).epoch()).isEqualTo(new EpochTime(0));
        assertThat(timesAsked(bench)).isEqualTo(1);
    }

    @Test
    void aSubscriberIsAskedForEachTimeWithoutTheCache() {
        var bench = LibraryBench.ofNat444();
        bench.ask(map(80));
        bench.ask(map(80));
        assertThat(timesAsked(bench)).isEqualTo(2);
    }

    @Test
    void whoMayNotAskIsNotRemembered() {
        var bench = LibraryBench.ofNat444(LibraryFlag.CACHE);
        bench.cgn.subscribers = ReturnCode.ERR_NOTAUTH;
        assertThat(bench.ask(map(80)).result()).isEqualTo(2);
        assertThat(bench.ask(map(80)).result()).isEqualTo(2);
        bench.cgn.subscribers = ReturnCode.OK;
        assertThat(bench.ask(map(80)).result()).isZero();
    }
}
