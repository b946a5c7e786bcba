package io.portreeve.pcp.natpmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What NAT-PMP cannot say. */
class NatPmpLimitsTest {
    private static final EpochTime EPOCH = new EpochTime(7);
    private static final IpProtocol SCTP = new IpProtocol(132);

    private record Row(String message, ThrowingCallable constructor) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row("NAT-PMP maps UDP and TCP only, not protocol 132", () -> request(SCTP, 0, 0)),
                new Row("NAT-PMP maps UDP and TCP only, not protocol 0", () -> request(IpProtocol.ALL, 0, 0)),
                new Row("NAT-PMP maps UDP and TCP only, not protocol 132", () -> response(SCTP, 0, 0)),
                new Row("internal port: 65536 (expected: 0..65535)", () -> request(IpProtocol.TCP, 65_536, 0)),
                new Row("suggested external port: -1 (expected: 0..65535)", () -> request(IpProtocol.TCP, 0, -1)),
                new Row("internal port: -1 (expected: 0..65535)", () -> response(IpProtocol.UDP, -1, 0)),
                new Row("external port: 65536 (expected: 0..65535)", () -> response(IpProtocol.UDP, 0, 65_536)),
                new Row(
                        "NAT-PMP knows IPv4 addresses only, not ::",
                        () -> new ExternalAddressResponse(NatPmpResult.SUCCESS, EPOCH, PcpAddress.ANY_IPV6)));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isRefused(Row row) {
        assertThatIllegalArgumentException().isThrownBy(row.constructor()).withMessage(row.message());
    }

    private static NatPmpMapRequest request(IpProtocol protocol, int internalPort, int suggestedPort) {
        return new NatPmpMapRequest(protocol, internalPort, suggestedPort, Lifetime.DELETE);
    }

    private static NatPmpMapResponse response(IpProtocol protocol, int internalPort, int externalPort) {
        return new NatPmpMapResponse(
                protocol, NatPmpResult.SUCCESS, EPOCH, internalPort, externalPort, Lifetime.DELETE);
    }

    @Test
    void resultsHaveTheNumbersOfTheRfc() {
        assertThat(Stream.iterate(0, i -> i <= 5, i -> i + 1)
                        .map(NatPmpResult::of)
                        .map(it -> it.orElseThrow()))
                .containsExactly(
                        NatPmpResult.SUCCESS,
                        NatPmpResult.UNSUPPORTED_VERSION,
                        NatPmpResult.NOT_AUTHORIZED,
                        NatPmpResult.NETWORK_FAILURE,
                        NatPmpResult.OUT_OF_RESOURCES,
                        NatPmpResult.UNSUPPORTED_OPCODE)
                .containsExactly(NatPmpResult.values());
        assertThat(NatPmpResult.of(6)).isEmpty();
        assertThat(NatPmpResult.of(0x1_0000)).isEmpty();
    }

    @Test
    void aRefusalGrantsNothing() {
        var request = new NatPmpMapRequest(IpProtocol.TCP, 80, 8080, new Lifetime(7200));
        assertThat(NatPmpMapResponse.refused(request, NatPmpResult.OUT_OF_RESOURCES, EPOCH))
                .isEqualTo(new NatPmpMapResponse(
                        IpProtocol.TCP, NatPmpResult.OUT_OF_RESOURCES, EPOCH, 80, 0, Lifetime.DELETE));
        assertThat(ExternalAddressResponse.refused(NatPmpResult.NETWORK_FAILURE, EPOCH))
                .isEqualTo(
                        new ExternalAddressResponse(NatPmpResult.NETWORK_FAILURE, EPOCH, PcpAddress.parse("0.0.0.0")));
    }
}
