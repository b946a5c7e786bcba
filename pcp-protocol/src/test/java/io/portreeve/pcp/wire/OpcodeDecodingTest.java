package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How long a request of each opcode must be, and what becomes of those that are not served. */
class OpcodeDecodingTest {
    private record Whole(String vector, Opcode opcode, int size) {}

    /** Without options. */
    static Stream<Whole> whole() {
        return Stream.of(
                new Whole("V01", Opcode.ANNOUNCE, 24),
                new Whole("V04", Opcode.MAP, 60),
                new Whole("V12", Opcode.PEER, 80),
                new Whole("V28", Opcode.GET, 76));
    }

    @ParameterizedTest
    @MethodSource("whole")
    @Proves("pcp:S-GEN-04")
    void needsAllOfItsData(Whole row) {
        assertThat(decode(row, row.size(), Golden.ALL_OPCODES)).isInstanceOf(DecodedRequest.Ok.class);
        for (int size = 24; size < row.size(); size++) {
            assertThat(decode(row, size, Golden.ALL_OPCODES))
                    .as(row.opcode() + " of " + size + " octets")
                    .isEqualTo(new DecodedRequest.Refuse(ResultCode.MALFORMED_REQUEST));
            assertThat(PcpEncoder.error(
                            octets(row, size), ResultCode.MALFORMED_REQUEST, Lifetime.DELETE, new EpochTime(1)))
                    .hasSize(size + (-size & 3));
        }
    }

    @ParameterizedTest
    @MethodSource("whole")
    @Proves("pcp:S-GEN-06")
    void refusesWhatIsNotServedWithoutReadingIt(Whole row) {
        var others = EnumSet.complementOf(EnumSet.of(row.opcode()));
        var refused = new DecodedRequest.Refuse(ResultCode.UNSUPP_OPCODE);
        for (int size = 24; size <= row.size(); size += 4) {
            assertThat(decode(row, size, others)).as("in " + size + " octets").isEqualTo(refused);
        }
        var overrun = Vectors.of(row.vector()).hex().substring(0, 2 * row.size()) + "010000ff";
        assertThat(PcpDecoder.decodeRequest(octets(overrun), client(row), others))
                .as("with an option that overruns")
                .isEqualTo(refused);
    }

    /** The rules of all requests come first. */
    @ParameterizedTest
    @MethodSource("whole")
    void refusesOddLengthsAndOtherSourcesOfWhatIsNotServed(Whole row) {
        var header = Vectors.of(row.vector()).hex().substring(0, 2 * PcpMessage.HEADER_SIZE);
        for (int behind : new int[] {2, PcpMessage.MAX_SIZE - PcpMessage.HEADER_SIZE + 4}) {
            assertThat(PcpDecoder.decodeRequest(octets(header + "00".repeat(behind)), client(row), Set.of()))
                    .isEqualTo(new DecodedRequest.Refuse(ResultCode.MALFORMED_REQUEST));
        }
        assertThat(PcpDecoder.decodeRequest(octets(row, row.size()), PcpAddress.parse("::1"), Set.of()))
                .isEqualTo(new DecodedRequest.Refuse(ResultCode.ADDRESS_MISMATCH));
    }

    @Test
    void knowsNoOtherOpcode() {
        var known = Stream.of(Opcode.values()).map(Opcode::value).toList();
        for (int code = 0; code < 128; code++) {
            var request = Vectors.octets("V04");
            request[1] = (byte) code;
            if (!known.contains(code)) {
                assertThat(PcpDecoder.decodeRequest(ByteBuffer.wrap(request), Golden.CLIENT, Golden.ALL_OPCODES))
                        .isEqualTo(new DecodedRequest.Refuse(ResultCode.UNSUPP_OPCODE));
                request[1] |= (byte) 0x80;
                request[3] = 0;
                assertThat(PcpDecoder.decodeResponse(ByteBuffer.wrap(request)))
                        .isEqualTo(new DecodedResponse.Drop(DecodedResponse.Reason.UNKNOWN_OPCODE));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Opcode.class)
    void anAnswerNeedsAllOfItsDataToo(Opcode opcode) {
        var octets = new byte[PcpMessage.HEADER_SIZE + opcode.dataSize()];
        octets[0] = PcpMessage.VERSION;
        octets[1] = (byte) (opcode.value() | Header.R);
        assertThat(PcpDecoder.decodeResponse(ByteBuffer.wrap(octets))).isInstanceOf(DecodedResponse.Ok.class);
        for (int size = PcpMessage.HEADER_SIZE; size < octets.length; size += 4) {
            assertThat(PcpDecoder.decodeResponse(ByteBuffer.wrap(octets, 0, size)))
                    .as(opcode + " of " + size + " octets")
                    .isEqualTo(new DecodedResponse.Drop(DecodedResponse.Reason.MALFORMED));
        }
    }

    @Test
    void everyMessageHasALegalSize() {
        Seeds.each(20_000, random -> {
            var messages = new RandomMessages(random);
            for (var octets :
                    new byte[][] {PcpEncoder.encode(messages.request()), PcpEncoder.encode(messages.response())}) {
                assertThat(octets.length).isBetween(24, PcpMessage.MAX_SIZE);
                assertThat(octets.length % 4).isZero();
            }
        });
    }

    private static DecodedRequest decode(Whole row, int size, Set<Opcode> served) {
        return PcpDecoder.decodeRequest(octets(row, size), client(row), served);
    }

    private static PcpAddress client(Whole row) {
        return Golden.requests()
                .filter(golden -> golden.vector().equals(row.vector()))
                .findFirst()
                .orElseThrow()
                .message()
                .client();
    }

    private static ByteBuffer octets(Whole row, int size) {
        return ByteBuffer.wrap(Vectors.octets(row.vector()), 0, size);
    }

    private static ByteBuffer octets(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
