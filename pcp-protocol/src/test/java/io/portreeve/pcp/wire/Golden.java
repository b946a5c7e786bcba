package io.portreeve.pcp.wire;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.NextMapping;
import io.portreeve.pcp.PcpOption.NextRequest;
import io.portreeve.pcp.PcpOption.Prefix64.Ipv4Network;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.pcp.ResultCode;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the golden datagrams say, written down by hand. */
final class Golden {
    static final Set<Opcode> ALL_OPCODES = EnumSet.allOf(Opcode.class);
    static final PcpAddress CLIENT = PcpAddress.parse("192.168.1.10");
    private static final PcpAddress GATEWAY = PcpAddress.parse("192.0.2.2");
    private static final PcpAddress IPV6_CLIENT = PcpAddress.parse("2001:db8:0:1::10");

    static final MappingNonce NONCE = MappingNonce.parse("a1a2a3a4b1b2b3b4c1c2c3c4");
    private static final MappingNonce OTHER_NONCE = MappingNonce.parse("0f1e2d3c4b5a69788796a5b4");

    private static final List<PcpOption> FOR_A_HOST_OR_NOT_AT_ALL =
            List.of(new PcpOption.ThirdParty(PcpAddress.parse("192.168.1.33")), new PcpOption.PreferFailure());

    private static final MappingNonce PEER_NONCE = MappingNonce.parse("112233445566778899aabbcc");
    private static final MappingNonce GET_NONCE = PEER_NONCE;
    static final PcpAddress GET_CLIENT = PcpAddress.parse("198.51.100.1");
    private static final PcpAddress GET_EXTERNAL = PcpAddress.parse("192.0.2.1");
    private static final GetTuple OF_ONE_PORT = new GetTuple(
            IpProtocol.TCP, GetTuple.IPV4, GetTuple.ANY_FAMILY, GET_CLIENT, PcpAddress.ANY_IPV6, 59_864, 0);
    private static final GetTuple FIRST = GetTuple.of(IpProtocol.TCP, GET_CLIENT, 15_775, GET_EXTERNAL, 32_652);

    /** A datagram and what it says. */
    record Row<M extends PcpMessage>(String vector, M message) {
        byte[] octets() {
            return Vectors.octets(vector);
        }

        @Override
        public String toString() {
            return vector;
        }
    }

    private Golden() {}

    static Stream<Row<PcpRequest>> requests() {
        return Stream.of(
                new Row<>("V01", new AnnounceRequest(CLIENT)),
                new Row<>("V04", map(7200, CLIENT, NONCE, IpProtocol.TCP, 8080, PcpAddress.ANY_IPV4)),
                new Row<>("V06", map(86_400, IPV6_CLIENT, OTHER_NONCE, IpProtocol.UDP, 5060, PcpAddress.ANY_IPV6)),
                new Row<>("V07", map(0, CLIENT, NONCE, IpProtocol.TCP, 8080, PcpAddress.ANY_IPV4)),
                new Row<>(
                        "V09",
                        new MapRequest(
                                new Lifetime(3600),
                                GATEWAY,
                                OTHER_NONCE,
                                IpProtocol.TCP,
                                8080,
                                8080,
                                PcpAddress.ANY_IPV4,
                                FOR_A_HOST_OR_NOT_AT_ALL)),
                new Row<>(
                        "V11",
                        new MapRequest(
                                new Lifetime(7200),
                                CLIENT,
                                NONCE,
                                IpProtocol.TCP,
                                8080,
                                41_969,
                                PcpAddress.parse("203.0.113.7"),
                                List.of(
                                        new PcpOption.Filter(0, 0, PcpAddress.ANY_IPV6),
                                        new PcpOption.Filter(120, 0, PcpAddress.parse("198.51.100.0"))))),
                new Row<>(
                        "V12",
                        new PeerRequest(
                                new Lifetime(900),
                                PcpAddress.parse("10.80.30.128"),
                                PEER_NONCE,
                                IpProtocol.TCP,
                                58_962,
                                0,
                                PcpAddress.ANY_IPV4,
                                80,
                                PcpAddress.parse("199.59.149.200"),
                                List.of())),
                new Row<>("V14", map(IpProtocol.TCP, 8080, new PcpOption.Description("Camera"))),
                new Row<>("V15", map(IpProtocol.UDP, 50_000, new PcpOption.PortSet(100, 50_000, false))),
                new Row<>("V17", new AnnounceRequest(IPV6_CLIENT, List.of(PcpOption.Prefix64.QUESTION))),
                new Row<>("V28", get(GetTuple.ANY, new NextRequest(GetTuple.ANY, false, List.of(3, 128)))),
                new Row<>("V30", get(OF_ONE_PORT, new NextRequest(GetTuple.ANY, true, List.of()))),
                new Row<>("V32", get(GetTuple.ANY, new NextRequest(FIRST, false, List.of()))),
                new Row<>(
                        "V34",
                        new MapRequest(
                                new Lifetime(3600),
                                GATEWAY,
                                OTHER_NONCE,
                                IpProtocol.UDP,
                                5060,
                                0,
                                PcpAddress.ANY_IPV4,
                                List.of(
                                        new PcpOption.ThirdParty(PcpAddress.parse("192.168.1.33")),
                                        new PcpOption.ThirdPartyId("123450")))),
                new Row<>("V35", map(IpProtocol.UDP, 5004, new PcpOption.PortReservation())));
    }

    static Stream<Row<PcpResponse>> answers() {
        return Stream.of(
                new Row<>("V02", new AnnounceResponse(0, new EpochTime(3600))),
                new Row<>("V03", new AnnounceResponse(0, new EpochTime(0))),
                new Row<>("V05", mapped(3600, 5001, 41_969, "203.0.113.7")),
                new Row<>("V08", mapped(0, 5100, 0, "0.0.0.0")),
                new Row<>(
                        "V13",
                        new PeerResponse(
                                0,
                                new Lifetime(255),
                                new EpochTime(5102),
                                PEER_NONCE,
                                IpProtocol.TCP,
                                58_962,
                                49_618,
                                PcpAddress.parse("64.41.14.10"),
                                80,
                                PcpAddress.parse("199.59.149.200"),
                                List.of())),
                new Row<>(
                        "V16",
                        new MapResponse(
                                0,
                                new Lifetime(3600),
                                new EpochTime(5103),
                                NONCE,
                                IpProtocol.UDP,
                                50_000,
                                37_056,
                                PcpAddress.parse("192.0.2.3"),
                                List.of(new PcpOption.PortSet(32, 50_000, false)))),
                new Row<>(
                        "V18",
                        new AnnounceResponse(
                                0,
                                new EpochTime(5104),
                                List.of(new PcpOption.Prefix64(
                                        7,
                                        PcpAddress.parse("2001:db8:122:300::"),
                                        List.of(new Ipv4Network(24, PcpAddress.parse("192.0.2.0"))))))),
                new Row<>(
                        "V29",
                        new GetResponse(
                                0,
                                new Lifetime(0),
                                new EpochTime(5111),
                                GET_NONCE,
                                GetTuple.ANY,
                                List.of(
                                        new NextMapping(
                                                FIRST,
                                                false,
                                                new Lifetime(9000),
                                                List.of(new PcpOption.Filter(120, 0, PcpAddress.parse("203.0.113.0")))),
                                        new NextMapping(
                                                GetTuple.of(IpProtocol.UDP, GET_CLIENT, 25_655, GET_EXTERNAL, 15_659),
                                                true,
                                                new Lifetime(1659),
                                                List.of())))),
                new Row<>("V27", mapped(3000, 2, 41_969, "203.0.113.9")));
    }

    static Stream<Row<PcpResponse>> errors() {
        return Stream.of(
                new Row<>(
                        "V10",
                        new MapResponse(
                                ResultCode.CANNOT_PROVIDE_EXTERNAL.value(),
                                new Lifetime(30),
                                new EpochTime(5101),
                                OTHER_NONCE,
                                IpProtocol.TCP,
                                8080,
                                8080,
                                PcpAddress.ANY_IPV4,
                                FOR_A_HOST_OR_NOT_AT_ALL)),
                new Row<>("V24", refused(ResultCode.UNSUPP_OPTION, 5109, new PcpOption.Unknown(126))),
                new Row<>(
                        "V31",
                        new GetResponse(
                                ResultCode.NONEXIST_MAP.value(),
                                new Lifetime(30),
                                new EpochTime(5112),
                                GET_NONCE,
                                OF_ONE_PORT,
                                List.of(new NextRequest(GetTuple.ANY, true, List.of())))),
                new Row<>("V26", refused(ResultCode.ADDRESS_MISMATCH, 5110)));
    }

    /** What V19 says to a reader that does not mind the version error. */
    static Row<PcpResponse> versionError() {
        return new Row<>("V19", refused(ResultCode.UNSUPP_VERSION, 5105));
    }

    private static MapRequest map(
            long lifetime, PcpAddress client, MappingNonce nonce, IpProtocol protocol, int port, PcpAddress external) {
        return new MapRequest(new Lifetime(lifetime), client, nonce, protocol, port, 0, external, List.of());
    }

    private static MapRequest map(IpProtocol protocol, int port, PcpOption option) {
        return new MapRequest(
                new Lifetime(3600), CLIENT, NONCE, protocol, port, 0, PcpAddress.ANY_IPV4, List.of(option));
    }

    private static GetRequest get(GetTuple filter, NextRequest next) {
        return new GetRequest(GET_CLIENT, GET_NONCE, filter, List.of(next));
    }

    private static MapResponse mapped(long lifetime, long epoch, int port, String address) {
        return new MapResponse(
                0,
                new Lifetime(lifetime),
                new EpochTime(epoch),
                NONCE,
                IpProtocol.TCP,
                8080,
                port,
                PcpAddress.parse(address),
                List.of());
    }

    private static MapResponse refused(ResultCode result, long epoch, PcpOption... options) {
        return new MapResponse(
                result.value(),
                new Lifetime(1800),
                new EpochTime(epoch),
                NONCE,
                IpProtocol.TCP,
                8080,
                0,
                PcpAddress.ANY_IPV4,
                List.of(options));
    }
}
