package io.portreeve.server.library;

import static io.portreeve.server.library.LibraryBench.HOME;
import static io.portreeve.server.library.LibraryBench.endpoint;
import static io.portreeve.server.library.LibraryBench.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import io.portreeve.server.library.LibrarySettings.Conformance;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be mapped at all: protocols, wildcards, and what firewalls do not do. */
@Proves("pcp:L-11")
final class ProtocolsTest {
    private static final Set<Opcode> NO_PEER = LibraryBench.NO_PEER;

    private static Set<LibraryFlag> flags(String names) {
        return names.isEmpty()
                ? Set.of()
                : Arrays.stream(names.split(" "))
                        .map(name -> LibraryFlag.valueOf(name.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(LibraryFlag.class)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                      | TCP  | 80 | 0
            ''                      | SCTP | 80 | 9
            ''                      | TCP  | 0  | 9
            ''                      | ALL  | 0  | 9
            otherproto              | SCTP | 80 | 0
            otherproto              | TCP  | 0  | 9
            otherproto              | ALL  | 0  | 9
            otherproto port0        | TCP  | 0  | 0
            otherproto port0        | SCTP | 0  | 0
            otherproto port0        | ALL  | 0  | 9
            otherproto port0 oneone | ALL  | 0  | 0
            otherproto port0 oneone | ALL  | 80 | 3
            """)
    void each(String flags, String protocol, int port, int result) {
        var number = IpProtocol.of(
                switch (protocol) {
                    case "TCP" -> 6;
                    case "SCTP" -> 132;
                    default -> 0;
                });
        var settings = new LibrarySettings(CgnType.NAT444, NO_PEER, flags(flags));
        var bench = new LibraryBench(settings, "203.0.113.7");
        var answer = bench.ask(map(HOME, 60, number, port, endpoint("0.0.0.0", 0)));
        assertThat(answer.result()).isEqualTo(result);
        assertThat(bench.cgn.mappings).hasSize(result == 0 ? 1 : 0);
    }

    @Test
    @Proves("wire:N23")
    void whatCannotBeMappedNeedNotBeDeleted() {
        var bench = LibraryBench.ofNat444();
        var sctp = bench.ask(map(HOME, 0, IpProtocol.SCTP, 80, endpoint("0.0.0.0", 0)));
        var all = bench.ask(map(HOME, 0, IpProtocol.ALL, 0, endpoint("0.0.0.0", 0)));
        assertThat(sctp.result()).isZero();
        assertThat(((MapResponse) all).lifetime().seconds()).isZero();
        assertThat(bench.calls()).noneMatch(call -> call.startsWith("deleteMapping"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NAT444 | announce map      | port0                                   | port0 needs otherproto: add it, or remove port0
            NAT444 | announce map      | oneone                                  | oneone needs otherproto: add it, or remove oneone
            NAT444 | announce map      | oneone otherproto                       | oneone needs port0: add it, or remove oneone
            NAT444 | map               | firewall                                | firewall goes with fw4 and fw6, for nat444 translates: remove it
            FW4    | map peer          | firewall                                | firewall has no PEER, for nothing is translated: remove the opcode peer, or firewall
            FW4    | map               | firewall mapsrc mapint                  | firewall translates nothing: name all of mapsrc, mapint, mapext and mapdst, or none
            FW6    | map               | firewall mapext                         | mapext is for IPv4, and fw6 has IPv6 there: remove it
            NAT64  | map               | mapdst                                  | mapdst is for IPv4, and nat64 has IPv6 there: remove it
            FW4    | map               | firewall mapsrc mapint mapext mapdst    | ''
            FW4    | map               | firewall                                | ''
            FW6    | map               | firewall                                | ''
            NAT444 | map peer announce | otherproto port0 oneone mapsrc          | ''
            """)
    void whatDoesNotGoTogetherCannotBeMade(CgnType type, String opcodes, String flags, String message) {
        var known = Arrays.stream(opcodes.split(" "))
                .map(name -> Opcode.valueOf(name.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toSet());
        if (message.isEmpty()) {
            assertThat(new LibrarySettings(type, known, flags(flags)).flags()).containsAll(flags(flags));
        } else {
            assertThatThrownBy(() -> new LibrarySettings(type, known, flags(flags), Conformance.RFC))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message);
        }
    }

    private static LibraryBench firewall() {
        return new LibraryBench(
                new LibrarySettings(CgnType.FW4, NO_PEER, Set.of(LibraryFlag.FIREWALL)), "192.168.1.10");
    }

    @Test
    void aFirewallTranslatesNothing() {
        var bench = firewall();
        var answer = bench.ask(map(HOME, 60, IpProtocol.TCP, 8080, endpoint("203.0.113.9", 1)));
        assertThat(answer)
                .extracting(it -> ((MapResponse) it).assignedAddress(), it -> ((MapResponse) it).assignedPort())
                .containsExactly(HOME, 8080);
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 8080, 0", "192.168.1.10, 8080, 0", "0.0.0.0, 8081, 11", "203.0.113.9, 8080, 11"})
    void whoPrefersFailureToTheSameEndHasIt(String address, int port, int result) {
        var bench = firewall();
        var asked = map(HOME, 60, IpProtocol.TCP, 8080, endpoint(address, port), new PreferFailure());
        assertThat(bench.ask(asked).result()).isEqualTo(result);
        assertThat(bench.cgn.mappings).hasSize(result == 0 ? 1 : 0);
    }

    @Test
    void aFirewallThatTranslatesIsAnError() {
        var bench = firewall();
        bench.cgn.addStatic(IpProtocol.TCP, endpoint("192.168.1.10", 8080), endpoint("192.168.1.10", 80));
        assertThat(bench.ask(map(8080)).result()).isEqualTo(ResultCode.NO_RESOURCES.value());
    }
}
