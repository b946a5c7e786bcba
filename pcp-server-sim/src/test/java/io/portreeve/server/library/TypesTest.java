package io.portreeve.server.library;

import static io.portreeve.server.library.LibraryBench.HOME;
import static io.portreeve.server.library.LibraryBench.endpoint;
import static io.portreeve.server.library.LibraryBench.map;
import static io.portreeve.server.library.LibraryBench.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where each kind of CGN has IPv4, where IPv6, and which opcodes. */
final class TypesTest {

    /** Addresses of one kind of CGN: what it has, and what it has not. */
    private record Families(CgnType type, String client, String internal, String external, String peer) {

        PcpOption[] options() {
            return internal.equals(client)
                    ? new PcpOption[0]
                    : new PcpOption[] {new ThirdParty(PcpAddress.parse(internal))};
        }

        Endpoint anyExternal() {
            return new Endpoint(PcpAddress.parse(external).anyOfFamily(), 0);
        }

        Endpoint anyOther() {
            return new Endpoint(PcpAddress.parse(external).isIpv4() ? PcpAddress.ANY_IPV6 : PcpAddress.ANY_IPV4, 0);
        }

        MapRequest map(Endpoint suggested) {
            return LibraryBench.map(PcpAddress.parse(client), 60, IpProtocol.TCP, 80, suggested, options());
        }

        LibraryBench bench() {
            var flags = EnumSet.of(LibraryFlag.THIRD_PARTY);
            return new LibraryBench(new LibrarySettings(type, LibraryBench.ALL_OPCODES, flags), external);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DSLITE, 2001:db8::b4, 192.168.1.10, 203.0.113.7, 198.51.100.1",
        "NAT444, 100.64.0.1, 100.64.0.1, 203.0.113.7, 198.51.100.1",
        "NAT64, 2001:db8::10, 2001:db8::10, 203.0.113.7, 64:ff9b::c633:6401",
        "NAT46, 192.168.1.10, 192.168.1.10, 2001:db8::7, 198.51.100.1",
        "NPTV6, fd00::10, fd00::10, 2001:db8::7, 2001:db8:1::1",
        "FW4, 203.0.113.10, 203.0.113.10, 203.0.113.10, 198.51.100.1",
        "FW6, 2001:db8::10, 2001:db8::10, 2001:db8::10, 2001:db8:1::1",
        "L2NAT, 192.168.1.10, 192.168.1.10, 203.0.113.7, 198.51.100.1"
    })
    @Proves({"pcp:L-08", "pcp:L-10"})
    void hasItsFamilies(CgnType type, String client, String internal, String external, String peer) {
        var families = new Families(type, client, internal, external, peer);
        var bench = families.bench();
        var granted = (MapResponse) bench.ask(families.map(families.anyExternal()));
        assertThat(granted.result()).isZero();
        assertThat(granted.assignedAddress()).isEqualTo(PcpAddress.parse(external));
        assertThat(bench.calls()).anyMatch(call -> call.startsWith("addMapping TCP " + endpoint(internal, 80) + " "));

        var other = (MapResponse) bench.ask(families.map(families.anyOther()));
        assertThat(other.result()).isEqualTo(7);
        assertThat(other.lifetime()).isEqualTo(new Lifetime(1800));

        var remote = endpoint(peer, 443);
        var flow = bench.ask(peer(PcpAddress.parse(client), 81, families.anyExternal(), remote, families.options()));
        assertThat(flow.result()).isZero();
        assertThat(((PeerResponse) flow).remoteAddress()).isEqualTo(PcpAddress.parse(peer));
        var ofOtherFamily = endpoint(remote.address().isIpv4() ? "2001:db8:1::1" : "198.51.100.1", 443);
        assertThat(bench.ask(peer(
                                PcpAddress.parse(client),
                                82,
                                families.anyExternal(),
                                ofOtherFamily,
                                families.options()))
                        .result())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "DSLITE, 192.0.0.2, 0.0.0.0",
        "DSLITE, 2001:db8::b4, 0.0.0.0",
        "NAT444, 2001:db8::1, 0.0.0.0",
        "NAT64, 100.64.0.1, 0.0.0.0",
        "NAT46, 2001:db8::1, ::",
        "FW4, 2001:db8::1, 0.0.0.0",
        "FW6, 100.64.0.1, ::"
    })
    void hasNoOtherClients(CgnType type, String client, String any) {
        var settings = new LibrarySettings(type, LibraryBench.NO_PEER, Set.of(LibraryFlag.THIRD_PARTY));
        var asked = map(PcpAddress.parse(client), 60, IpProtocol.TCP, 80, endpoint(any, 0));
        assertThat(new LibraryBench(settings, "203.0.113.7").ask(asked).result())
                .isEqualTo(7);
    }

    @Test
    void dsLiteKnowsHostsByTheirB4() {
        var settings = new LibrarySettings(CgnType.DSLITE, LibraryBench.NO_PEER, Set.of(LibraryFlag.THIRD_PARTY));
        var bench = new LibraryBench(settings, "203.0.113.7");
        var other = PcpAddress.parse("2001:db8::b5");
        bench.ask(ofB4(PcpAddress.parse("2001:db8::b4")));
        var its = ofB4(other);
        var nonce = new MappingNonce(9, 9, 9);
        var stranger =
                new MapRequest(its.lifetime(), other, nonce, its.protocol(), 80, 0, PcpAddress.ANY_IPV4, its.options());
        assertThat(bench.ask(stranger).result()).as("the same private address").isZero();
    }

    private static MapRequest ofB4(PcpAddress b4) {
        return map(b4, 60, IpProtocol.TCP, 80, endpoint("0.0.0.0", 0), new ThirdParty(HOME));
    }

    /** A prefix of IPv4 counts from 96, whatever the flags are; one of IPv6 that is shorter has no place where MAPDST is. */
    @ParameterizedTest
    @CsvSource({
        "NAT444, 198.51.100.0, 96, 0",
        "NAT444, 198.51.100.0, 120, 0",
        "NAT444, 198.51.100.0, 95, 6",
        "NAT444, 198.51.100.0, 33, 6",
        "NAT444, 2001:db8:8000::, 33, 6",
        "FW6, 2001:db8:8000::, 33, 0",
        "FW6, 2001:db8:8000::, 1, 0",
        "FW6, 198.51.100.0, 33, 6",
        "FW6, 198.51.100.0, 120, 6"
    })
    @Proves("pcp:L-10")
    void filtersAreOfThePeersFamily(CgnType type, String remote, int prefixLength, int result) {
        boolean isIpv4 = type == CgnType.NAT444;
        var bench = new LibraryBench(
                new LibrarySettings(type, LibraryBench.NO_PEER, Set.of()), isIpv4 ? "203.0.113.7" : "2001:db8::7");
        var client = isIpv4 ? HOME : PcpAddress.parse("2001:db8::10");
        var any = new Endpoint(client.anyOfFamily(), 0);
        var asked = map(client, 60, IpProtocol.TCP, 80, any, new Filter(prefixLength, 0, PcpAddress.parse(remote)));
        assertThat(bench.ask(asked).result()).isEqualTo(result);
        assertThat(bench.cgn.mappings).hasSize(result == 0 ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Opcode.class,
            names = {"ANNOUNCE", "MAP", "PEER"})
    @Proves("pcp:L-09")
    void anOpcodeThatIsOffIsUnknown(Opcode off) {
        var on = EnumSet.copyOf(LibraryBench.ALL_OPCODES);
        on.remove(off);
        var bench = new LibraryBench(new LibrarySettings(CgnType.NAT444, on, Set.of()), "203.0.113.7");
        var requests = List.of(
                new AnnounceRequest(HOME),
                map(80),
                peer(HOME, 81, endpoint("0.0.0.0", 0), endpoint("198.51.100.1", 443)));
        for (var opcode : LibraryBench.ALL_OPCODES) {
            var answer = bench.ask(requests.get(opcode.value()));
            assertThat(answer.result()).as(opcode.name()).isEqualTo(opcode == off ? 4 : 0);
        }
    }

    @Test
    void whatTheCgnAssignsWrongIsTakenBack() {
        var wrong = new LibraryBench(LibraryBench.nat444(), "2001:db8::7");
        assertThat(wrong.ask(map(80)).result()).isEqualTo(8);
        assertThat(wrong.cgn.mappings).isEmpty();
        assertThat(wrong.ask(peer(HOME, 81, endpoint("0.0.0.0", 0), endpoint("198.51.100.1", 443)))
                        .result())
                .isEqualTo(8);
    }
}
