package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random messages come back as they were, and random octets always have an answer. */
class SeededCodecTest {
    private static final int SEEDS = 100_000;
    private static final int HOSTILE_SEEDS = 500_000;
    private static final List<String> REQUESTS = List.of(
            "V01", "V04", "V06", "V07", "V09", "V11", "V12", "V14", "V15", "V17", "V25", "V28", "V30", "V32", "V33",
            "V34", "V35");
    private static final List<String> ANSWERS =
            List.of("V02", "V05", "V10", "V13", "V16", "V18", "V19", "V23", "V24", "V27", "V29", "V31");

    @Test
    @Proves("pcp:B-WIRE-02")
    void requestsComeBackAsTheyWere() {
        Seeds.each(SEEDS, random -> {
            var request = request(random);
            var octets = PcpEncoder.encode(request);
            assertThat(octets[0]).isEqualTo((byte) 2);
            int options = request.options().stream().mapToInt(PcpOption::octets).sum();
            assertThat(octets).hasSize(24 + Opcode.of(octets[1]).orElseThrow().dataSize() + options);
            assertThat(PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), request.client(), Golden.ALL_OPCODES))
                    .isEqualTo(new DecodedRequest.Ok(request));
        });
    }

    @Test
    @Proves("pcp:B-WIRE-02")
    void answersComeBackAsTheyWere() {
        Seeds.each(SEEDS, random -> {
            var response = response(random);
            var octets = PcpEncoder.encode(response);
            assertThat(octets[0]).isEqualTo((byte) 2);
            assertThat(PcpDecoder.decodeResponse(ByteBuffer.wrap(octets))).isEqualTo(new DecodedResponse.Ok(response));
        });
    }

    @Test
    void hostileRequestsGetAValueAndAnAnswerOfLegalSize() {
        Seeds.each(HOSTILE_SEEDS, random -> {
            var octets = hostile(random, REQUESTS);
            var decoded = PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), Golden.CLIENT, Golden.ALL_OPCODES);
            assertThat(decoded).isNotNull();
            if (decoded instanceof DecodedRequest.Refuse(var result)) {
                var answer = PcpEncoder.error(
                        ByteBuffer.wrap(octets), result, result.recommendedLifetime(), new EpochTime(1));
                assertThat(answer.length % 4).isZero();
                assertThat(answer.length).isBetween(24, PcpMessage.MAX_SIZE);
            }
        });
    }

    @Test
    void hostileAnswersGetAValue() {
        Seeds.each(HOSTILE_SEEDS, random -> {
            var octets = hostile(random, ANSWERS);
            assertThat(PcpDecoder.decodeResponse(ByteBuffer.wrap(octets))).isNotNull();
        });
    }

    /** Half are noise behind a good header, half are good messages with a few octets changed, cut or repeated. */
    private static byte[] hostile(RandomGenerator random, List<String> vectors) {
        var vector = Vectors.octets(vectors.get(random.nextInt(vectors.size())));
        int size = random.nextInt(10) == 0 ? random.nextInt(1500) : Math.max(0, vector.length + random.nextInt(-9, 30));
        var octets = new byte[size];
        random.nextBytes(octets);
        int kept = random.nextBoolean() ? 24 : vector.length;
        System.arraycopy(vector, 0, octets, 0, Math.min(size, Math.min(kept, vector.length)));
        for (int i = random.nextInt(4); i > 0 && size > 0; i--) {
            octets[random.nextInt(size)] = (byte) random.nextInt();
        }
        return octets;
    }

    private static PcpRequest request(RandomGenerator random) {
        return new RandomMessages(random).request();
    }

    private static PcpResponse response(RandomGenerator random) {
        return new RandomMessages(random).response();
    }
}
