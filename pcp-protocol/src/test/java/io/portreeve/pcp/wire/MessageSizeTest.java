package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Prefix64.Ipv4Network;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.requirements.Proves;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How much fits into 1100 octets. */
class MessageSizeTest {
    private static final MappingNonce NONCE = new MappingNonce(1, 2, 3);
    private static final PcpOption THIRD_PARTY = new PcpOption.ThirdParty(PcpAddress.parse("192.168.1.33"));
    private static final PcpOption FILTER = new PcpOption.Filter(128, 80, PcpAddress.parse("198.51.100.1"));
    private static final PcpOption PREFER_FAILURE = new PcpOption.PreferFailure();

    private record Row(String why, Opcode opcode, int size, List<PcpOption> options) {}

    static Stream<Row> fitting() {
        return Stream.of(
                new Row("a bare MAP", Opcode.MAP, 60, List.of()),
                new Row("a bare PEER", Opcode.PEER, 80, List.of()),
                new Row("MAP with THIRD_PARTY", Opcode.MAP, 80, List.of(THIRD_PARTY)),
                new Row("43 filters", Opcode.MAP, 1092, Collections.nCopies(43, FILTER)),
                new Row("the longest description in a PEER", Opcode.PEER, 1100, List.of(description(1016))),
                new Row("its padding is counted", Opcode.PEER, 1100, List.of(description(1013))),
                new Row("the longest id in a MAP", Opcode.MAP, 1100, List.of(THIRD_PARTY, id(1016))),
                new Row("the longest id in a PEER", Opcode.PEER, 1100, List.of(THIRD_PARTY, id(996))));
    }

    @ParameterizedTest
    @MethodSource("fitting")
    @Proves("pcp:B-WIRE-01")
    void fits(Row row) {
        assertThat(row.opcode().hasRoomFor(row.options())).as(row.why()).isTrue();
        var request = request(row);
        var octets = PcpEncoder.encode(request);
        assertThat(octets).as(row.why()).hasSize(row.size());
        assertThat(PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), request.client(), Golden.ALL_OPCODES))
                .as(row.why())
                .isEqualTo(new DecodedRequest.Ok(request));
    }

    static Stream<Row> tooLong() {
        var filters = Collections.nCopies(43, FILTER);
        return Stream.of(
                new Row("44 filters", Opcode.MAP, 0, Collections.nCopies(44, FILTER)),
                new Row(
                        "43 filters and three options of four octets",
                        Opcode.MAP,
                        0,
                        Stream.concat(filters.stream(), Collections.nCopies(3, PREFER_FAILURE).stream())
                                .toList()),
                new Row("a description and one option", Opcode.PEER, 0, List.of(description(1013), PREFER_FAILURE)),
                new Row("an id too long for PEER", Opcode.PEER, 0, List.of(THIRD_PARTY, id(997))),
                new Row("200 networks of a prefix", Opcode.MAP, 0, List.of(prefix(200))));
    }

    @ParameterizedTest
    @MethodSource("tooLong")
    @Proves("pcp:B-WIRE-01")
    void doesNotFit(Row row) {
        assertThat(row.opcode().hasRoomFor(row.options())).as(row.why()).isFalse();
        assertThatExceptionOfType(BufferOverflowException.class)
                .as(row.why())
                .isThrownBy(() -> PcpEncoder.encode(request(row)));
    }

    @Test
    void anAnswerToGetHoldsTwentyOneBareMappings() {
        var mappings = Collections.<PcpOption>nCopies(21, mapping());
        assertThat(Opcode.GET.hasRoomFor(mappings)).isTrue();
        var answer = new GetResponse(0, Lifetime.DELETE, new EpochTime(0), NONCE, GetTuple.ANY, mappings);
        assertThat(PcpEncoder.encode(answer)).hasSize(1084);
        assertThat(Opcode.GET.hasRoomFor(Collections.nCopies(22, mapping()))).isFalse();
    }

    /** Whoever fills an answer must be able to ask, whatever the policy lets in. */
    @Test
    void aMappingThatIsTooLongByItselfDoesNotFit() {
        assertThat(Opcode.GET.hasRoomFor(List.of(mapping(description(972))))).isTrue();
        assertThat(Opcode.GET.hasRoomFor(List.of(mapping(description(973))))).isFalse();
        assertThat(Opcode.GET.hasRoomFor(List.of(mapping(description(1016), FILTER, FILTER))))
                .isFalse();
        assertThat(Opcode.GET.hasRoomFor(List.of(mapping(prefix(200))))).isFalse();
    }

    private static PcpRequest request(Row row) {
        var client = PcpAddress.parse("192.168.1.10");
        var lifetime = new Lifetime(1);
        return row.opcode() == Opcode.MAP
                ? new MapRequest(lifetime, client, NONCE, IpProtocol.TCP, 1, 2, client, row.options())
                : new PeerRequest(lifetime, client, NONCE, IpProtocol.TCP, 1, 2, client, 3, client, row.options());
    }

    private static PcpOption description(int octets) {
        return new PcpOption.Description("x".repeat(octets));
    }

    private static PcpOption id(int octets) {
        return new PcpOption.ThirdPartyId("ab".repeat(octets));
    }

    private static PcpOption prefix(int networks) {
        return new PcpOption.Prefix64(
                12,
                PcpAddress.parse("64:ff9b::"),
                IntStream.range(0, networks)
                        .mapToObj(i -> new Ipv4Network(32, PcpAddress.ofIpv4(i)))
                        .toList());
    }

    private static PcpOption mapping(PcpOption... embedded) {
        return new PcpOption.NextMapping(GetTuple.ANY, false, Lifetime.INFINITE, List.of(embedded));
    }
}
