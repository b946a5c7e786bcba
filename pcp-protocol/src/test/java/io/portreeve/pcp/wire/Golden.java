package io.portreeve.pcp.wire;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.ResultCode;
import java.util.List;
import java.util.stream.Stream;

/** What the golden datagrams say, written down by hand. */
final class Golden {
    static final PcpAddress CLIENT = PcpAddress.parse("192.168.1.10");
    private static final PcpAddress GATEWAY = PcpAddress.parse("192.0.2.2");
    private static final PcpAddress IPV6_CLIENT = PcpAddress.parse("2001:db8:0:1::10");

    static final MappingNonce NONCE = MappingNonce.parse("a1a2a3a4b1b2b3b4c1c2c3c4");
    private static final MappingNonce OTHER_NONCE = MappingNonce.parse("0f1e2d3c4b5a69788796a5b4");

    private static final List<PcpOption> FOR_A_HOST_OR_NOT_AT_ALL =
            List.of(new PcpOption.ThirdParty(PcpAddress.parse("192.168.1.33")), new PcpOption.PreferFailure());

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
                                FOR_A_HOST_OR_NOT_AT_ALL)));
    }

    static Stream<Row<PcpResponse>> answers() {
        return Stream.of(
                new Row<>("V02", new AnnounceResponse(0, new EpochTime(3600))),
                new Row<>("V03", new AnnounceResponse(0, new EpochTime(0))),
                new Row<>("V05", mapped(3600, 5001, 41_969, "203.0.113.7")),
                new Row<>("V08", mapped(0, 5100, 0, "0.0.0.0")),
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
