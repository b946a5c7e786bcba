package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Prefix64.Ipv4Network;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.wire.DecodedResponse.Drop;
import io.portreeve.pcp.wire.DecodedResponse.OtherVersion;
import io.portreeve.pcp.wire.DecodedResponse.Reason;
import io.portreeve.requirements.Proves;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client makes of datagrams that are no proper answer. */
class ResponseDecodingTest {
    private static final String V05 = Vectors.of("V05").hex();
    private static final String V23 = Vectors.of("V23").hex();

    private static final Lifetime HALF_AN_HOUR = new Lifetime(1800);

    private record Row(String why, String hex, DecodedResponse expected) {}

    static Stream<Row> versions() {
        return Stream.of(
                new Row("nothing", "", new Drop(Reason.SHORTER_THAN_4)),
                new Row("three octets", "028100", new Drop(Reason.SHORTER_THAN_4)),
                new Row("NAT-PMP as its RFC draws it: R clear", V23, new OtherVersion(0, HALF_AN_HOUR)),
                new Row(
                        "NAT-PMP as servers send it: R set",
                        "0081" + V23.substring(4),
                        new OtherVersion(0, HALF_AN_HOUR)),
                new Row("NAT-PMP in four octets", "00000001", new OtherVersion(0, HALF_AN_HOUR)),
                new Row("NAT-PMP, but no version error", "00000002000013f4", new Drop(Reason.NOT_A_RESPONSE)),
                new Row("a version error in eight octets", "0381000100000708", new OtherVersion(3, HALF_AN_HOUR)),
                new Row("for a minute", "038100010000003c", new OtherVersion(3, new Lifetime(60))),
                new Row("for no time", "0381000100000000", new OtherVersion(3, HALF_AN_HOUR)),
                new Row("in seven octets", "03810001000007", new OtherVersion(3, HALF_AN_HOUR)),
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
        var largest = ok(V05 + "c800040c" + "00".repeat(1036));
        assertThat(largest.options()).containsExactly(new PcpOption.Unknown(200));
    }

    private record Strange(String why, String vector, String option, int code) {}

    static Stream<Strange> strangeOptions() {
        return Stream.of(
                new Strange("a mandatory one of MAP", "V05", "63000004deadbeef", 99),
                new Strange("an optional one of MAP", "V05", "c8000003adbeef00", 200),
                new Strange("one without data", "V05", "7e000000", 126),
                new Strange("a reserved one", "V05", "00000000", 0),
                new Strange("one for authentication", "V05", "05000004deadbeef", 5),
                new Strange("one of PEER", "V13", "63000004deadbeef", 99),
                new Strange("one of ANNOUNCE", "V02", "63000004deadbeef", 99),
                new Strange("one of GET", "V29", "63000004deadbeef", 99));
    }

    @ParameterizedTest
    @MethodSource("strangeOptions")
    @Proves("pcp:C-RSP-07")
    void readsOnBehindOptionsItDoesNotKnow(Strange row) {
        var known = "82000005" + "0020c35001000000";
        var before = ok(Vectors.of(row.vector()).hex());
        var answer = ok(Vectors.of(row.vector()).hex() + row.option() + known);
        var options = new ArrayList<>(before.options());
        options.add(new PcpOption.Unknown(row.code()));
        options.add(new PcpOption.PortSet(32, 50_000, true));
        assertThat(answer.options()).as(row.why()).isEqualTo(options);
        assertThat(answer.isSuccess()).isTrue();
        assertThat(answer.epoch()).isEqualTo(before.epoch());
    }

    @Test
    void skipsANetworkThatIsNoneAndTheWholePrefixIfNoneIsOne() {
        var prefix = "000c" + "0064ff9b0000000000000000";
        var announced = ok(Vectors.of("V02").hex()
                + ("8100001c" + prefix + "0002" + "0021c0000200" + "0018cb007100")
                + ("81000016" + prefix + "0001" + "0021c0000200" + "0000"));
        assertThat(announced.options())
                .containsExactly(
                        new PcpOption.Prefix64(
                                12,
                                PcpAddress.parse("64:ff9b::"),
                                List.of(new Ipv4Network(24, PcpAddress.parse("203.0.113.0")))),
                        new PcpOption.Unknown(129));
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
        var answer = (MapResponse) ok(far);
        assertThat(answer.result()).isEqualTo(255);
        assertThat(answer.lifetime()).isEqualTo(Lifetime.INFINITE);
        assertThat(answer.epoch()).isEqualTo(new EpochTime(4_294_967_295L));
    }

    private static PcpResponse ok(String hex) {
        return ((DecodedResponse.Ok) decode(hex)).response();
    }

    private static DecodedResponse decode(String hex) {
        return PcpDecoder.decodeResponse(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }
}
