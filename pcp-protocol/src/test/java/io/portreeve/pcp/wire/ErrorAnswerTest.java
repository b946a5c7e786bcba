package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** An error answer is a copy of its request with the header's answer fields set. */
class ErrorAnswerTest {
    private static final Lifetime LIFETIME = new Lifetime(0xFFFF_FFFEL);
    private static final EpochTime EPOCH = new EpochTime(0x8000_0001L);

    /** The errors that say that the request's header or structure could not be understood. */
    private static final Set<ResultCode> UNPARSED = Set.of(
            ResultCode.UNSUPP_VERSION,
            ResultCode.UNSUPP_OPCODE,
            ResultCode.MALFORMED_REQUEST,
            ResultCode.MALFORMED_OPTION);

    private record Golden(String vector, byte[] request, ResultCode result, long lifetime, long epoch) {
        @Override
        public String toString() {
            return vector;
        }
    }

    static Stream<Golden> golden() {
        return Stream.of(
                new Golden("V10", Vectors.octets("V09"), ResultCode.CANNOT_PROVIDE_EXTERNAL, 30, 5101),
                new Golden("V19", with(Vectors.octets("V04"), 0, 3), ResultCode.UNSUPP_VERSION, 1800, 5105),
                new Golden("V20r", Vectors.octets("V20q"), ResultCode.UNSUPP_VERSION, 1800, 5106),
                new Golden("V24", append("V04", "7e000004deadbeef"), ResultCode.UNSUPP_OPTION, 1800, 5109),
                new Golden("V26", Vectors.octets("V04"), ResultCode.ADDRESS_MISMATCH, 1800, 5110));
    }

    @ParameterizedTest
    @MethodSource("golden")
    @Proves({"wire:V10", "wire:V19", "wire:V20q", "wire:V20r", "wire:V24", "wire:V26", "pcp:B-VER-02"})
    void isWrittenOctetForOctet(Golden row) {
        var answer = PcpEncoder.error(
                ByteBuffer.wrap(row.request()), row.result(), new Lifetime(row.lifetime()), new EpochTime(row.epoch()));
        assertThat(HexFormat.of().formatHex(answer)).isEqualTo(HexFormat.of().formatHex(Vectors.octets(row.vector())));
    }

    private record Size(String why, int request, int answer) {}

    static Stream<Size> sizes() {
        return Stream.of(
                new Size("NAT-PMP's shortest request", 2, 24),
                new Size("a header cut by one octet", 23, 24),
                new Size("a bare header", 24, 24),
                new Size("no multiple of four: padded", 61, 64),
                new Size("the largest message", 1100, 1100),
                new Size("larger: cut", 1104, 1100),
                new Size("larger and odd: cut", 1101, 1100));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void isPaddedOrCutToAMessage(Size size) {
        var request = new byte[size.request()];
        Arrays.fill(request, (byte) 0x55);
        var answer = answer(request, ResultCode.MALFORMED_REQUEST);
        assertThat(answer).as(size.why()).hasSize(size.answer());
        int copied = Math.min(size.request(), PcpMessage.MAX_SIZE);
        if (copied > 12) {
            assertThat(answer).as("the payload").containsSubsequence(Arrays.copyOfRange(request, 12, copied));
        }
        for (int i = Math.max(copied, 12); i < answer.length; i++) {
            assertThat(answer[i]).as("padding at " + i).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(ResultCode.class)
    void keepsTheReservedOctetsOfWhatWasNotParsedAndClearsTheOthers(ResultCode result) {
        var request = Vectors.octets("V04");
        var kept = UNPARSED.contains(result) ? Arrays.copyOfRange(request, 12, 24) : new byte[12];
        assertThat(Arrays.copyOfRange(answer(request, result), 12, 24)).isEqualTo(kept);
    }

    @Test
    @Proves({"pcp:B-WIRE-02", "pcp:B-WIRE-03"})
    void setsTheHeaderWhateverTheRequestHad() {
        var request = Vectors.octets("V04");
        Arrays.fill(request, 0, 12, (byte) 0x7F);
        var answer = answer(request, ResultCode.NO_RESOURCES);
        assertThat(HexFormat.of().formatHex(answer, 0, 12)).isEqualTo("02ff0008fffffffe80000001");
        assertThat(Arrays.copyOfRange(answer, 24, 60)).isEqualTo(Arrays.copyOfRange(request, 24, 60));
    }

    @Test
    void leavesTheRequestAsItWas() {
        var octets = Vectors.octets("V04");
        var request = ByteBuffer.wrap(octets);
        PcpEncoder.error(request, ResultCode.NO_RESOURCES, LIFETIME, EPOCH);
        assertThat(octets).isEqualTo(Vectors.octets("V04"));
        assertThat(request.remaining()).isEqualTo(60);
    }

    @Test
    void takesTheRequestFromWhereItsBufferStands() {
        var request = HexFormat.of().parseHex("ffffffff" + Vectors.of("V04").hex() + "ffffffff");
        var answer = PcpEncoder.error(ByteBuffer.wrap(request, 4, 60), ResultCode.NO_RESOURCES, LIFETIME, EPOCH);
        assertThat(answer).isEqualTo(answer(Vectors.octets("V04"), ResultCode.NO_RESOURCES));
    }

    private static byte[] answer(byte[] request, ResultCode result) {
        return PcpEncoder.error(ByteBuffer.wrap(request), result, LIFETIME, EPOCH);
    }

    private static byte[] with(byte[] octets, int at, int value) {
        octets[at] = (byte) value;
        return octets;
    }

    private static byte[] append(String vector, String hex) {
        return HexFormat.of().parseHex(Vectors.of(vector).hex() + hex);
    }
}
