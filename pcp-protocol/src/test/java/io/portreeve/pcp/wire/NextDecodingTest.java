package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.NextMapping;
import io.portreeve.pcp.PcpOption.NextRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.DecodedResponse.Drop;
import io.portreeve.pcp.wire.DecodedResponse.Reason;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NEXT is one thing in a request, another in an answer, and the first again in an error. */
class NextDecodingTest {
    private static final String GET = Vectors.of("V28").hex().substring(0, 2 * 76);
    private static final String ANSWER = Vectors.of("V29").hex().substring(0, 2 * 76);
    private static final String ANY_BUT_PORTS =
            "00000000" + "00000000000000000000000000000000" + "00000000000000000000000000000000" + "00000000";
    private static final String ANY = ANY_BUT_PORTS + "00000000";

    /** Bare mappings that fit into an answer, and how deep they can be put into one another. */
    private static final int MOST = 21;

    @Test
    void aZeroIsNoWantedOption() {
        assertThat(next("71000030" + ANY + "00030080"))
                .isEqualTo(new NextRequest(GetTuple.ANY, false, List.of(3, 128)));
        assertThat(next("7100002c" + ANY).wanted()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "80", "ff"})
    void anythingButZeroIsTheEnd(String octet) {
        assertThat(next("7100002c" + "000000" + octet + "00".repeat(40)).end()).isTrue();
    }

    @Test
    void theLifetimeOfARequestIsNotLookedAt() {
        var noisy = "00".repeat(36) + "ffffffff" + "00000000";
        assertThat(next("7100002c" + noisy)).isEqualTo(new NextRequest(GetTuple.ANY, false, List.of()));
    }

    /** How many there may be, and whether the families make sense, is the engine's to say. */
    @Test
    void passesOnWhatIsSenselessButWellFormed() {
        var twice = get(GET + ("7100002c" + ANY).repeat(2));
        assertThat(twice.options()).hasSize(2);
        var strange = get(GET.substring(0, 2 * 37) + "ff03" + GET.substring(2 * 39));
        assertThat(strange.filter().internalFamily()).isEqualTo(255);
        assertThat(strange.filter().externalFamily()).isEqualTo(3);
        assertThat(strange.next()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 209, 255})
    void anErrorHasTheNextOfItsRequestAndNoMapping(int result) {
        var request = new GetRequest(
                Golden.CLIENT,
                Golden.NONCE,
                GetTuple.ANY,
                List.of(new NextRequest(GetTuple.ANY, true, List.of(3, 128))));
        var octets = PcpEncoder.error(
                ByteBuffer.wrap(PcpEncoder.encode(request)),
                ResultCode.NONEXIST_MAP,
                new Lifetime(30),
                new EpochTime(1));
        octets[3] = (byte) result;
        var answer = answer(HexFormat.of().formatHex(octets));
        assertThat(answer.result()).isEqualTo(result);
        assertThat(answer.mappings()).isEmpty();
        assertThat(answer.options()).isEqualTo(request.options());
    }

    @Test
    void aMappingKeepsWhatItCannotRead() {
        var answer = answer(ANSWER + "71000038" + ANY + "63000004deadbeef" + "c8000000");
        assertThat(answer.mappings().getFirst().embedded())
                .containsExactly(new PcpOption.Unknown(99), new PcpOption.Unknown(200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"71000028" + ANY_BUT_PORTS, "7100002d" + ANY + "03000000", "71000030" + ANY + "c8000004"})
    void ignoresAnAnswerWithAMappingThatIsNone(String next) {
        assertThat(decode(ANSWER + next)).isEqualTo(new Drop(Reason.MALFORMED));
        assertThat(decode(ANSWER + "7100002c" + ANY + next)).isEqualTo(new Drop(Reason.MALFORMED));
    }

    /** No server writes this, but a sender of hostile octets can. */
    @Test
    void readsMappingsInMappingsAsDeepAsADatagramAllows() {
        var expected = new NextMapping(GetTuple.ANY, false, Lifetime.DELETE, List.of());
        var hex = "7100002c" + ANY;
        for (int depth = 1; depth < MOST; depth++) {
            expected = new NextMapping(GetTuple.ANY, false, Lifetime.DELETE, List.of(expected));
            hex = "7100%04x".formatted(44 + hex.length() / 2) + ANY + hex;
        }
        var answer = answer(ANSWER + hex);
        assertThat(answer.options()).containsExactly(expected);
        assertThat(HexFormat.of().formatHex(PcpEncoder.encode(answer))).isEqualTo(ANSWER + hex);
        assertThat(decode(ANSWER + "7100%04x".formatted(44 + hex.length() / 2) + ANY + hex))
                .isEqualTo(new Drop(Reason.BAD_LENGTH));
    }

    private static NextRequest next(String option) {
        return get(GET + option).next().orElseThrow();
    }

    private static GetRequest get(String hex) {
        var ok = (DecodedRequest.Ok) PcpDecoder.decodeRequest(octets(hex), Golden.GET_CLIENT, Golden.ALL_OPCODES);
        return (GetRequest) ok.request();
    }

    private static GetResponse answer(String hex) {
        return (GetResponse) ((DecodedResponse.Ok) decode(hex)).response();
    }

    private static DecodedResponse decode(String hex) {
        return PcpDecoder.decodeResponse(octets(hex));
    }

    private static ByteBuffer octets(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
