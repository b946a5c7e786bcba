package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server makes of datagrams that are no proper request. */
class RequestDecodingTest {
    private static final String V04 = Vectors.of("V04").hex();
    private static final EpochTime EPOCH = new EpochTime(0x0000_5555);

    private record Dropped(String why, String hex, DecodedRequest.Reason reason) {}

    static Stream<Dropped> dropped() {
        return Stream.of(
                new Dropped("nothing", "", DecodedRequest.Reason.SHORTER_THAN_2),
                new Dropped("one octet", "02", DecodedRequest.Reason.SHORTER_THAN_2),
                new Dropped("an answer", Vectors.of("V05").hex(), DecodedRequest.Reason.A_RESPONSE),
                new Dropped("an answer of two octets", "0281", DecodedRequest.Reason.A_RESPONSE),
                new Dropped("an answer of another version", "0381", DecodedRequest.Reason.A_RESPONSE),
                new Dropped("two octets", "0201", DecodedRequest.Reason.SHORTER_THAN_24),
                new Dropped("23 octets", V04.substring(0, 46), DecodedRequest.Reason.SHORTER_THAN_24));
    }

    @ParameterizedTest
    @MethodSource("dropped")
    @Proves("pcp:S-GEN-02")
    void drops(Dropped row) {
        assertThat(decode(row.hex())).as(row.why()).isEqualTo(new DecodedRequest.Drop(row.reason()));
    }

    /**
     * @param answer the first 24 octets of the error with lifetime 0 and the epoch of this test, then whatever follows
     */
    private record Refused(String why, String hex, ResultCode result, int answerSize, String answer) {}

    static Stream<Refused> refused() {
        var client = V04.substring(16, 48);
        var lastOfClient = V04.substring(24, 48);
        var body = V04.substring(48);
        var junk = "5a".repeat(36);
        return Stream.of(
                new Refused("N04", "0301", ResultCode.UNSUPP_VERSION, 24, "0281" + head(1) + "00".repeat(12)),
                new Refused(
                        "N05",
                        "01010000" + V04.substring(8, 48),
                        ResultCode.UNSUPP_VERSION,
                        24,
                        "0281" + head(1) + lastOfClient),
                new Refused(
                        "N06",
                        V04 + "ff",
                        ResultCode.MALFORMED_REQUEST,
                        64,
                        "0281" + head(3) + lastOfClient + body + "ff000000"),
                new Refused(
                        "N07",
                        V04 + "c8000410" + "ab".repeat(1040),
                        ResultCode.MALFORMED_REQUEST,
                        1100,
                        "0281" + head(3) + lastOfClient + body + "c8000410" + "ab".repeat(1036)),
                new Refused(
                        "N08",
                        V04.substring(0, 112),
                        ResultCode.MALFORMED_REQUEST,
                        56,
                        "0281" + head(3) + lastOfClient + body.substring(0, 64)),
                new Refused(
                        "N17",
                        "02550000" + "00000e10" + client + junk,
                        ResultCode.UNSUPP_OPCODE,
                        60,
                        "02d5" + head(4) + lastOfClient + junk),
                new Refused(
                        "N19",
                        V04 + "80000002",
                        ResultCode.MALFORMED_OPTION,
                        64,
                        "0281" + head(6) + lastOfClient + body + "80000002"),
                new Refused(
                        "V25",
                        Vectors.of("V25").hex(),
                        ResultCode.MALFORMED_OPTION,
                        84,
                        "0281" + head(6) + Vectors.of("V25").hex().substring(24)));
    }

    /** Octets 2 to 11: reserved, result, lifetime 0, epoch. */
    private static String head(int result) {
        return "00%02x".formatted(result) + "00000000" + "00005555";
    }

    @ParameterizedTest
    @MethodSource("refused")
    @Proves({
        "wire:N04",
        "wire:N05",
        "wire:N06",
        "wire:N07",
        "wire:N08",
        "wire:N17",
        "wire:N19",
        "wire:V25",
        "pcp:B-VER-02",
        "pcp:S-GEN-02",
        "pcp:S-GEN-06"
    })
    void refuses(Refused row) {
        assertThat(decode(row.hex())).as(row.why()).isEqualTo(new DecodedRequest.Refuse(row.result()));
        var request = ByteBuffer.wrap(HexFormat.of().parseHex(row.hex()));
        var answer = PcpEncoder.error(request, row.result(), new Lifetime(0), EPOCH);
        assertThat(answer).as(row.why()).hasSize(row.answerSize());
        assertThat(HexFormat.of().formatHex(answer)).as(row.why()).isEqualTo(row.answer());
    }

    private record Malformed(String why, String options) {}

    static Stream<Malformed> malformedOptions() {
        var address = "00000000000000000000ffffc0a80121";
        return Stream.of(
                new Malformed("PREFER_FAILURE with data", "0200000400000000"),
                new Malformed("THIRD_PARTY four octets short", "0100000c" + address.substring(8)),
                new Malformed("THIRD_PARTY four octets long", "01000014" + address + "00000000"),
                new Malformed("THIRD_PARTY without data", "01000000"),
                new Malformed("the second of two is cut", "02000000" + "01000010" + address.substring(8)),
                new Malformed("one octet of data and no padding", "c8000005" + "01020304"),
                new Malformed("longer than any datagram", "c800ffff"));
    }

    @ParameterizedTest
    @MethodSource("malformedOptions")
    void refusesOptionsThatDoNotFit(Malformed row) {
        assertThat(decode(V04 + row.options()))
                .as(row.why())
                .isEqualTo(new DecodedRequest.Refuse(ResultCode.MALFORMED_OPTION));
    }

    @Test
    void refusesMalformedOptionsOfAnnounceToo() {
        assertThat(decode(Vectors.of("V01").hex() + "c8000001"))
                .isEqualTo(new DecodedRequest.Refuse(ResultCode.MALFORMED_OPTION));
    }

    @Test
    void skipsThePaddingOfAnUnknownOption() {
        var options = decoded(V04 + "c8000001" + "ff000000" + "02000000").options();
        assertThat(options).containsExactly(new PcpOption.Unknown(200), new PcpOption.PreferFailure());
    }

    @Test
    void refusesAnotherSourceBeforeItLooksAtTheOpcode() {
        var other = PcpAddress.parse("192.168.1.11");
        for (var hex : new String[] {V04, V04 + "80000002", "0255" + V04.substring(4)}) {
            var datagram = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
            assertThat(PcpDecoder.decodeRequest(datagram, other, Golden.ALL_OPCODES))
                    .isEqualTo(new DecodedRequest.Refuse(ResultCode.ADDRESS_MISMATCH));
        }
    }

    /** Whether it makes sense is the engine's to say, so the engine must see it. */
    @Test
    void passesOnWhatIsSenselessButWellFormed() {
        var protocolZero = V04.substring(0, 72) + "00" + V04.substring(74);
        assertThat(decoded(protocolZero).protocol()).isEqualTo(IpProtocol.ALL);
        assertThat(decoded(protocolZero).internalPort()).isEqualTo(8080);
        var preferNothing = decoded(V04 + "02000000");
        assertThat(preferNothing.prefersFailure()).isTrue();
        assertThat(preferNothing.suggestedPort()).isZero();
    }

    @Test
    @Proves("pcp:B-WIRE-03")
    void doesNotLookAtReservedFields() {
        var noisy = HexFormat.of().parseHex(V04 + "02550000");
        noisy[2] = (byte) 0xFF;
        noisy[3] = (byte) 0xFF;
        Arrays.fill(noisy, 37, 40, (byte) 0xA5);
        assertThat(decode(HexFormat.of().formatHex(noisy))).isEqualTo(decode(V04 + "02000000"));
    }

    private static MapRequest decoded(String hex) {
        var ok = (DecodedRequest.Ok) decode(hex);
        return (MapRequest) ok.request();
    }

    private static DecodedRequest decode(String hex) {
        return PcpDecoder.decodeRequest(
                ByteBuffer.wrap(HexFormat.of().parseHex(hex)), Golden.CLIENT, Golden.ALL_OPCODES);
    }
}
