package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.pcp.natpmp.NatPmpResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.requirements.Proves;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** NAT-PMP octet for octet, in both directions. */
class NatPmpGoldenTest {
    private static final EpochTime EPOCH = new EpochTime(0x8000_0001L);

    private record Asked(String hex, NatPmpRequest request) {}

    static Stream<Asked> requests() {
        return Stream.of(
                new Asked(Vectors.of("V20q").hex(), new ExternalAddressRequest()),
                new Asked(
                        Vectors.of("V21").hex(), new NatPmpMapRequest(IpProtocol.UDP, 8080, 8080, new Lifetime(7200))),
                new Asked(
                        "00020000" + "ffff0050" + "ffffffff",
                        new NatPmpMapRequest(IpProtocol.TCP, 65_535, 80, Lifetime.INFINITE)),
                new Asked(
                        "00020000" + "00000000" + "00000000",
                        new NatPmpMapRequest(IpProtocol.TCP, 0, 0, Lifetime.DELETE)));
    }

    @ParameterizedTest
    @MethodSource("requests")
    @Proves({"wire:V20q", "wire:V21"})
    void requests(Asked row) {
        assertThat(hex(NatPmpEncoder.encode(row.request()))).isEqualTo(row.hex());
        assertThat(NatPmpDecoder.decodeRequest(octets(row.hex())))
                .isEqualTo(new DecodedNatPmpRequest.Ok(row.request()));
    }

    private record Answered(String hex, NatPmpResponse response) {}

    static Stream<Answered> answers() {
        var request = new NatPmpMapRequest(IpProtocol.TCP, 8080, 80, new Lifetime(7200));
        return Stream.of(
                new Answered(
                        Vectors.of("V22").hex(),
                        new NatPmpMapResponse(
                                IpProtocol.UDP,
                                NatPmpResult.SUCCESS,
                                new EpochTime(5107),
                                8080,
                                41_969,
                                new Lifetime(3600))),
                new Answered(
                        "00800000" + "80000001" + "cb007107",
                        new ExternalAddressResponse(NatPmpResult.SUCCESS, EPOCH, PcpAddress.parse("203.0.113.7"))),
                new Answered(
                        "00820000" + "80000001" + "ffff" + "fffe" + "ffffffff",
                        new NatPmpMapResponse(
                                IpProtocol.TCP, NatPmpResult.SUCCESS, EPOCH, 65_535, 65_534, Lifetime.INFINITE)),
                new Answered(
                        "00800003" + "80000001" + "00000000",
                        ExternalAddressResponse.refused(NatPmpResult.NETWORK_FAILURE, EPOCH)),
                new Answered(
                        "00820002" + "80000001" + "1f90" + "0000" + "00000000",
                        NatPmpMapResponse.refused(request, NatPmpResult.NOT_AUTHORIZED, EPOCH)),
                new Answered(
                        "00820004" + "80000001" + "1f90" + "0000" + "00000000",
                        NatPmpMapResponse.refused(request, NatPmpResult.OUT_OF_RESOURCES, EPOCH)));
    }

    @ParameterizedTest
    @MethodSource("answers")
    @Proves("wire:V22")
    void answers(Answered row) {
        assertThat(hex(NatPmpEncoder.encode(row.response()))).isEqualTo(row.hex());
        assertThat(NatPmpDecoder.decodeResponse(octets(row.hex())))
                .isEqualTo(new DecodedNatPmpResponse.Ok(row.response()));
    }

    @Test
    @Proves("wire:V23")
    void aServerOfNatPmpAloneSaysThatItDoesNotSpeakPcp() {
        var request = octets(Vectors.of("V04").hex());
        assertThat(NatPmpDecoder.decodeRequest(request))
                .isEqualTo(new DecodedNatPmpRequest.Refuse(NatPmpResult.UNSUPPORTED_VERSION));
        var answer = NatPmpEncoder.error(request, NatPmpResult.UNSUPPORTED_VERSION, new EpochTime(5108));
        assertThat(hex(answer)).isEqualTo(Vectors.of("V23").hex());
        assertThat(NatPmpDecoder.decodeResponse(ByteBuffer.wrap(answer)))
                .isEqualTo(new DecodedNatPmpResponse.Failed(Optional.empty(), 1));
        assertThat(PcpDecoder.decodeResponse(ByteBuffer.wrap(answer)))
                .isEqualTo(new DecodedResponse.OtherVersion(0, new Lifetime(1800)));
    }

    @Test
    @Proves("wire:V20r")
    void aServerOfPcpAloneSaysSoInWordsOfBoth() {
        var answer = PcpEncoder.error(
                octets(Vectors.of("V20q").hex()), ResultCode.UNSUPP_VERSION, new Lifetime(1800), new EpochTime(5106));
        assertThat(hex(answer)).isEqualTo(Vectors.of("V20r").hex());
        assertThat(NatPmpDecoder.decodeResponse(ByteBuffer.wrap(answer)))
                .isEqualTo(new DecodedNatPmpResponse.Failed(Optional.empty(), 1));
    }

    private static ByteBuffer octets(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }
}
