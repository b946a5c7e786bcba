package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random messages come back as they were, and random octets always have an answer. */
class SeededCodecTest {
    private static final int SEEDS = 100_000;
    private static final List<String> REQUESTS = List.of("V01", "V04", "V06", "V07", "V09", "V25");
    private static final List<String> ANSWERS = List.of("V02", "V05", "V10", "V19", "V23", "V24", "V27");

    @Test
    @Proves("pcp:B-WIRE-02")
    void requestsComeBackAsTheyWere() {
        Seeds.each(SEEDS, random -> {
            var request = request(random);
            var octets = PcpEncoder.encode(request);
            assertThat(octets[0]).isEqualTo((byte) 2);
            assertThat(PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), request.client()))
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
        Seeds.each(SEEDS, random -> {
            var octets = hostile(random, REQUESTS);
            var decoded = PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), Golden.CLIENT);
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
        Seeds.each(SEEDS, random -> {
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
        var client = address(random);
        if (random.nextInt(10) == 0) {
            return new AnnounceRequest(client);
        }
        return new MapRequest(
                new Lifetime(u32(random)),
                client,
                nonce(random),
                new IpProtocol(random.nextInt(256)),
                random.nextInt(65_536),
                random.nextInt(65_536),
                address(random),
                options(random));
    }

    private static PcpResponse response(RandomGenerator random) {
        int result = random.nextBoolean() ? 0 : random.nextInt(2, 256);
        var epoch = new EpochTime(u32(random));
        if (random.nextInt(10) == 0) {
            return new AnnounceResponse(result, epoch);
        }
        return new MapResponse(
                result,
                new Lifetime(u32(random)),
                epoch,
                nonce(random),
                new IpProtocol(random.nextInt(256)),
                random.nextInt(65_536),
                random.nextInt(65_536),
                address(random),
                options(random));
    }

    private static List<PcpOption> options(RandomGenerator random) {
        var options = new ArrayList<PcpOption>();
        for (int i = random.nextInt(5); i > 0; i--) {
            options.add(
                    random.nextBoolean() ? new PcpOption.ThirdParty(address(random)) : new PcpOption.PreferFailure());
        }
        return options;
    }

    private static MappingNonce nonce(RandomGenerator random) {
        return new MappingNonce(random.nextInt(), random.nextInt(), random.nextInt());
    }

    private static PcpAddress address(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> PcpAddress.ANY_IPV4;
            case 1 -> PcpAddress.ANY_IPV6;
            case 2 -> PcpAddress.ofIpv4(random.nextInt());
            default -> new PcpAddress(random.nextLong(), random.nextLong());
        };
    }

    private static long u32(RandomGenerator random) {
        return Integer.toUnsignedLong(random.nextInt());
    }
}
