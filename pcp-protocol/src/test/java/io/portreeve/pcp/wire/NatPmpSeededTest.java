package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.pcp.natpmp.NatPmpResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random NAT-PMP comes back as it was, and random octets always have an answer. */
class NatPmpSeededTest {
    private static final int SEEDS = 50_000;
    private static final int HOSTILE_SEEDS = 200_000;
    private static final List<String> VECTORS = List.of("V20q", "V20r", "V21", "V22", "V23");
    private static final List<NatPmpResult> WITH_A_BODY = List.of(
            NatPmpResult.SUCCESS,
            NatPmpResult.NOT_AUTHORIZED,
            NatPmpResult.NETWORK_FAILURE,
            NatPmpResult.OUT_OF_RESOURCES);

    @Test
    void requestsComeBackAsTheyWere() {
        Seeds.each(SEEDS, random -> {
            var request = request(random);
            var octets = NatPmpEncoder.encode(request);
            assertThat(octets).hasSize(request instanceof NatPmpMapRequest ? 12 : 2);
            assertThat(NatPmpDecoder.decodeRequest(ByteBuffer.wrap(octets)))
                    .isEqualTo(new DecodedNatPmpRequest.Ok(request));
        });
    }

    @Test
    void answersComeBackAsTheyWere() {
        Seeds.each(SEEDS, random -> {
            var response = response(random);
            var octets = NatPmpEncoder.encode(response);
            assertThat(octets).hasSize(response instanceof NatPmpMapResponse ? 16 : 12);
            assertThat(NatPmpDecoder.decodeResponse(ByteBuffer.wrap(octets)))
                    .isEqualTo(new DecodedNatPmpResponse.Ok(response));
        });
    }

    @Test
    void hostileOctetsGetAValueAndAnAnswerNotMuchLonger() {
        Seeds.each(HOSTILE_SEEDS, random -> {
            var octets = hostile(random);
            assertThat(NatPmpDecoder.decodeResponse(ByteBuffer.wrap(octets))).isNotNull();
            var decoded = NatPmpDecoder.decodeRequest(ByteBuffer.wrap(octets));
            assertThat(decoded).isNotNull();
            if (decoded instanceof DecodedNatPmpRequest.Refuse(var result)) {
                var answer = NatPmpEncoder.error(ByteBuffer.wrap(octets), result, new EpochTime(1));
                assertThat(answer.length).isBetween(4, Math.max(8, octets.length));
            }
        });
    }

    private static byte[] hostile(RandomGenerator random) {
        var vector = Vectors.octets(VECTORS.get(random.nextInt(VECTORS.size())));
        int size = random.nextInt(10) == 0 ? random.nextInt(1500) : Math.max(0, vector.length + random.nextInt(-5, 9));
        var octets = new byte[size];
        random.nextBytes(octets);
        System.arraycopy(vector, 0, octets, 0, Math.min(size, random.nextInt(vector.length + 1)));
        return octets;
    }

    private static NatPmpRequest request(RandomGenerator random) {
        return random.nextInt(8) == 0
                ? new ExternalAddressRequest()
                : new NatPmpMapRequest(protocol(random), port(random), port(random), new Lifetime(u32(random)));
    }

    private static NatPmpResponse response(RandomGenerator random) {
        var result = WITH_A_BODY.get(random.nextInt(WITH_A_BODY.size()));
        var epoch = new EpochTime(u32(random));
        return random.nextInt(4) == 0
                ? new ExternalAddressResponse(result, epoch, PcpAddress.ofIpv4(random.nextInt()))
                : new NatPmpMapResponse(
                        protocol(random), result, epoch, port(random), port(random), new Lifetime(u32(random)));
    }

    private static IpProtocol protocol(RandomGenerator random) {
        return random.nextBoolean() ? IpProtocol.UDP : IpProtocol.TCP;
    }

    private static int port(RandomGenerator random) {
        return random.nextInt(65_536);
    }

    private static long u32(RandomGenerator random) {
        return Integer.toUnsignedLong(random.nextInt());
    }
}
