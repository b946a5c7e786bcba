package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.NatPmpResult;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is made of datagrams that are no proper NAT-PMP. */
class NatPmpDecodingTest {
    private static final String V21 = Vectors.of("V21").hex();
    private static final String V22 = Vectors.of("V22").hex();
    private static final EpochTime EPOCH = new EpochTime(0x8000_0001L);

    private record Dropped(String why, String hex, DecodedNatPmpRequest.Reason reason) {}

    static Stream<Dropped> droppedRequests() {
        return Stream.of(
                new Dropped("nothing", "", DecodedNatPmpRequest.Reason.SHORTER_THAN_2),
                new Dropped("one octet", "00", DecodedNatPmpRequest.Reason.SHORTER_THAN_2),
                new Dropped("an answer", V22, DecodedNatPmpRequest.Reason.A_RESPONSE),
                new Dropped("an announcement", "0080", DecodedNatPmpRequest.Reason.A_RESPONSE),
                new Dropped("the last of all opcodes", "00ff", DecodedNatPmpRequest.Reason.A_RESPONSE),
                new Dropped("an answer of PCP", "02810000", DecodedNatPmpRequest.Reason.A_RESPONSE),
                new Dropped("a map of two octets", "0001", DecodedNatPmpRequest.Reason.MAP_SHORTER_THAN_12),
                new Dropped(
                        "a map cut by one octet",
                        V21.substring(0, 22),
                        DecodedNatPmpRequest.Reason.MAP_SHORTER_THAN_12));
    }

    @ParameterizedTest
    @MethodSource("droppedRequests")
    void dropsRequests(Dropped row) {
        assertThat(request(row.hex())).as(row.why()).isEqualTo(new DecodedNatPmpRequest.Drop(row.reason()));
    }

    private record Refused(String why, String hex, NatPmpResult result, String answer) {}

    static Stream<Refused> refused() {
        var version = NatPmpResult.UNSUPPORTED_VERSION;
        var opcode = NatPmpResult.UNSUPPORTED_OPCODE;
        return Stream.of(
                new Refused("two octets: padded", "0003", opcode, "00830005"),
                new Refused("three octets: padded", "000355", opcode, "00830005"),
                new Refused("four octets", "00095555", opcode, "00890005"),
                new Refused("five octets: not padded", "0009555566", opcode, "0089000566"),
                new Refused("the last opcode", "007f0000" + V21, opcode, "00ff0005" + V21),
                new Refused("a large one", "00050000" + "ab".repeat(1500), opcode, "00850005" + "ab".repeat(1500)),
                new Refused("version 1", "0100", version, "0000000180000001"),
                new Refused("version 2 with an unknown opcode", "02550000", version, "0000000180000001"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses(Refused row) {
        assertThat(request(row.hex())).as(row.why()).isEqualTo(new DecodedNatPmpRequest.Refuse(row.result()));
        var answer = NatPmpEncoder.error(octets(row.hex()), row.result(), EPOCH);
        assertThat(HexFormat.of().formatHex(answer)).as(row.why()).isEqualTo(row.answer());
    }

    @Test
    void takesTheRefusedRequestFromItsBufferAndLeavesItThere() {
        var whole = octets("ffff" + "00095555" + "ffff");
        var request = whole.position(2).limit(6);
        var answer = NatPmpEncoder.error(request, NatPmpResult.UNSUPPORTED_OPCODE, EPOCH);
        assertThat(HexFormat.of().formatHex(answer)).isEqualTo("00890005");
        assertThat(request.remaining()).isEqualTo(4);
        assertThat(HexFormat.of().formatHex(whole.array())).isEqualTo("ffff00095555ffff");
    }

    /** The answer to what was understood says which port or address it is about. */
    @ParameterizedTest
    @EnumSource(NatPmpResult.class)
    void hasAnErrorOnlyForWhatWasNotUnderstood(NatPmpResult result) {
        if (!Set.of(NatPmpResult.UNSUPPORTED_VERSION, NatPmpResult.UNSUPPORTED_OPCODE)
                .contains(result)) {
            assertThatIllegalArgumentException().isThrownBy(() -> NatPmpEncoder.error(octets(V21), result, EPOCH));
        }
    }

    @Test
    void doesNotLookAtReservedOctetsOrBehindTheEnd() {
        assertThat(request("0001ffff" + V21.substring(8) + "aa")).isEqualTo(request(V21));
        assertThat(request("0000ffff")).isEqualTo(new DecodedNatPmpRequest.Ok(new ExternalAddressRequest()));
        assertThat(response(V22 + "aa")).isEqualTo(response(V22));
    }

    private record Row(String why, String hex, DecodedNatPmpResponse expected) {}

    static Stream<Row> responses() {
        return Stream.of(
                new Row("nothing", "", drop(DecodedNatPmpResponse.Reason.SHORTER_THAN_4)),
                new Row("three octets", "008000", drop(DecodedNatPmpResponse.Reason.SHORTER_THAN_4)),
                new Row("a request", V21, drop(DecodedNatPmpResponse.Reason.NOT_A_RESPONSE)),
                new Row(
                        "a request of version 2 that looks like its error",
                        "02010001" + V21,
                        drop(DecodedNatPmpResponse.Reason.NOT_A_RESPONSE)),
                new Row("an answer of PCP", "02810000" + V22, drop(DecodedNatPmpResponse.Reason.WRONG_VERSION)),
                new Row("another error of PCP", "02810002" + V22, drop(DecodedNatPmpResponse.Reason.WRONG_VERSION)),
                new Row("an opcode nobody asked", "00830000" + V22, drop(DecodedNatPmpResponse.Reason.UNKNOWN_OPCODE)),
                new Row("and its error", "00830005", drop(DecodedNatPmpResponse.Reason.UNKNOWN_OPCODE)),
                new Row("cut by one octet", V22.substring(0, 30), drop(DecodedNatPmpResponse.Reason.TOO_SHORT)),
                new Row(
                        "a map answer of 12 octets",
                        V22.substring(0, 24),
                        drop(DecodedNatPmpResponse.Reason.TOO_SHORT)),
                new Row("an address cut", "0080000000000001cb0071", drop(DecodedNatPmpResponse.Reason.TOO_SHORT)),
                new Row("a refusal without ports", "00810002000013f3", drop(DecodedNatPmpResponse.Reason.TOO_SHORT)),
                new Row(
                        "version error, R clear",
                        "00000001000013f4",
                        new DecodedNatPmpResponse.Failed(Optional.empty(), 1)),
                new Row(
                        "version error, R set",
                        "00810001000013f4",
                        new DecodedNatPmpResponse.Failed(Optional.empty(), 1)),
                new Row(
                        "version error of any opcode",
                        "00ff0001",
                        new DecodedNatPmpResponse.Failed(Optional.empty(), 1)),
                new Row(
                        "opcode error of an address request",
                        "00800005",
                        new DecodedNatPmpResponse.Failed(Optional.empty(), 5)),
                new Row(
                        "opcode error of a map request",
                        "00810005" + V21.substring(8),
                        new DecodedNatPmpResponse.Failed(Optional.of(IpProtocol.UDP), 5)),
                new Row(
                        "a result of the future",
                        "00810009" + V22.substring(8),
                        new DecodedNatPmpResponse.Failed(Optional.of(IpProtocol.UDP), 9)),
                new Row("all 16 bits of it", "0080ff00", new DecodedNatPmpResponse.Failed(Optional.empty(), 0xFF00)),
                new Row(
                        "not the low octet alone",
                        "00800101",
                        new DecodedNatPmpResponse.Failed(Optional.empty(), 0x101)));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void judgesAnswers(Row row) {
        assertThat(response(row.hex())).as(row.why()).isEqualTo(row.expected());
    }

    private static DecodedNatPmpResponse drop(DecodedNatPmpResponse.Reason reason) {
        return new DecodedNatPmpResponse.Drop(reason);
    }

    private static DecodedNatPmpRequest request(String hex) {
        return NatPmpDecoder.decodeRequest(octets(hex));
    }

    private static DecodedNatPmpResponse response(String hex) {
        return NatPmpDecoder.decodeResponse(octets(hex));
    }

    private static ByteBuffer octets(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
