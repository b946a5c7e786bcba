package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.wire.DecodedResponse.Drop;
import io.portreeve.pcp.wire.DecodedResponse.OtherVersion;
import io.portreeve.pcp.wire.DecodedResponse.Reason;
import io.portreeve.requirements.Proves;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client makes of datagrams that are no proper answer. */
class ResponseDecodingTest {
    private static final String V05 = Vectors.of("V05").hex();
    private static final String V23 = Vectors.of("V23").hex();

    private record Row(String why, String hex, DecodedResponse expected) {}

    static Stream<Row> versions() {
        return Stream.of(
                new Row("nothing", "", new Drop(Reason.SHORTER_THAN_4)),
                new Row("three octets", "028100", new Drop(Reason.SHORTER_THAN_4)),
                new Row("NAT-PMP as its RFC draws it: R clear", V23, new OtherVersion(0)),
                new Row("NAT-PMP as servers send it: R set", "0081" + V23.substring(4), new OtherVersion(0)),
                new Row("NAT-PMP in four octets", "00000001", new OtherVersion(0)),
                new Row("NAT-PMP, but no version error", "00000002000013f4", new Drop(Reason.NOT_A_RESPONSE)),
                new Row("a version error in eight octets", "0381000100000708", new OtherVersion(3)),
                new Row("a version error with R clear", "0301000100000708", new Drop(Reason.NOT_A_RESPONSE)),
                new Row("a request", Vectors.of("V04").hex(), new Drop(Reason.NOT_A_RESPONSE)),
                new Row("a request of four octets", "02010000", new Drop(Reason.NOT_A_RESPONSE)));
    }

    @ParameterizedTest
    @MethodSource("versions")
    @Proves({"pcp:C-RSP-02", "wire:V23"})
    void understandsVersionErrorsFirst(Row row) {
        assertThat(decode(row.hex())).as(row.why()).isEqualTo(row.expected());
    }

    static Stream<Row> lengths() {
        return Stream.of(
                new Row("a bare result", "02810000", new Drop(Reason.BAD_LENGTH)),
                new Row("20 octets", V05.substring(0, 40), new Drop(Reason.BAD_LENGTH)),
                new Row("61 octets", V05 + "00", new Drop(Reason.BAD_LENGTH)),
                new Row("1104 octets", V05 + "c8000410" + "00".repeat(1040), new Drop(Reason.BAD_LENGTH)),
                new Row("62 octets of another version", "03" + V05.substring(2) + "0000", new Drop(Reason.BAD_LENGTH)));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    @Proves("pcp:C-RSP-03")
    void ignoresWrongLengths(Row row) {
        assertThat(decode(row.hex())).as(row.why()).isEqualTo(row.expected());
    }

    static Stream<Row> others() {
        return Stream.of(
                new Row("version 3", "03" + V05.substring(2), new Drop(Reason.WRONG_VERSION)),
                new Row("version 1", "01" + V05.substring(2), new Drop(Reason.WRONG_VERSION)),
                new Row("opcode 0x55", "02d5" + V05.substring(4), new Drop(Reason.UNKNOWN_OPCODE)),
                new Row("a MAP four octets short", V05.substring(0, 112), new Drop(Reason.MALFORMED)),
                new Row("an option that overruns", V05 + "80000002", new Drop(Reason.MALFORMED)),
                new Row("PREFER_FAILURE with data", V05 + "0200000400000000", new Drop(Reason.MALFORMED)));
    }

    @ParameterizedTest
    @MethodSource("others")
    void ignoresWhatItCannotRead(Row row) {
        assertThat(decode(row.hex())).as(row.why()).isEqualTo(row.expected());
    }

    @Test
    void takesTheLargestMessage() {
        var largest = decode(V05 + "c800040c" + "00".repeat(1036));
        assertThat(((MapResponse) ((DecodedResponse.Ok) largest).response()).options())
                .containsExactly(new PcpOption.Unknown(200));
    }

    @Test
    @Proves("pcp:B-WIRE-03")
    void doesNotLookAtReservedFields() {
        var noisy = HexFormat.of().parseHex(V05);
        noisy[2] = (byte) 0xFF;
        Arrays.fill(noisy, 12, 24, (byte) 0xA5);
        Arrays.fill(noisy, 37, 40, (byte) 0xA5);
        assertThat(decode(HexFormat.of().formatHex(noisy))).isEqualTo(decode(V05));
    }

    @Test
    void keepsNumbersOfTheFutureAndTheFarEnd() {
        var far = V05.substring(0, 6) + "ff" + "ffffffff" + "ffffffff" + V05.substring(24);
        var answer = (MapResponse) ((DecodedResponse.Ok) decode(far)).response();
        assertThat(answer.result()).isEqualTo(255);
        assertThat(answer.lifetime()).isEqualTo(Lifetime.INFINITE);
        assertThat(answer.epoch()).isEqualTo(new EpochTime(4_294_967_295L));
    }

    private static DecodedResponse decode(String hex) {
        return PcpDecoder.decodeResponse(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }
}
