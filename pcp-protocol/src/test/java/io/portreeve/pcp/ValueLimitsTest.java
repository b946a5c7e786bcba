package io.portreeve.pcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of the numbers, at both ends. */
class ValueLimitsTest {
    private static final long U32 = 0xFFFF_FFFFL;

    private record Limits(String what, long most, String unit, LongConsumer constructor) {}

    static Stream<Limits> limits() {
        return Stream.of(
                new Limits("lifetime", U32, " s", Lifetime::new),
                new Limits("epoch time", U32, " s", EpochTime::new),
                new Limits("protocol number", 255, "", number -> new IpProtocol((int) number)),
                new Limits("internal port", 65_535, "", port -> request((int) port, 0)),
                new Limits("suggested external port", 65_535, "", port -> request(0, (int) port)),
                new Limits("assigned external port", 65_535, "", port -> response((int) port)),
                new Limits("internal port", 65_535, "", port -> peer((int) port, 0, 0)),
                new Limits("suggested external port", 65_535, "", port -> peer(0, (int) port, 0)),
                new Limits("remote peer port", 65_535, "", port -> peer(0, 0, (int) port)),
                new Limits("internal port", 65_535, "", port -> peerAnswer((int) port, 0, 0)),
                new Limits("assigned external port", 65_535, "", port -> peerAnswer(0, (int) port, 0)),
                new Limits("remote peer port", 65_535, "", port -> peerAnswer(0, 0, (int) port)),
                new Limits("address family", 255, "", family -> tuple((int) family, 0, 0, 0)),
                new Limits("address family", 255, "", family -> tuple(0, (int) family, 0, 0)),
                new Limits("internal port", 65_535, "", port -> tuple(0, 0, (int) port, 0)),
                new Limits("external port", 65_535, "", port -> tuple(0, 0, 0, (int) port)),
                new Limits("prefix length", 128, "", length -> filter((int) length, 0)),
                new Limits("remote port", 65_535, "", port -> filter(0, (int) port)),
                new Limits("first internal port", 65_535, "", port -> new PcpOption.PortSet(1, (int) port, false)));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void holdAtBothEnds(Limits limits) {
        assertThatCode(() -> limits.constructor().accept(0)).doesNotThrowAnyException();
        assertThatCode(() -> limits.constructor().accept(limits.most())).doesNotThrowAnyException();
        for (long outside : new long[] {-1, limits.most() + 1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> limits.constructor().accept(outside))
                    .withMessage(
                            limits.what() + ": " + outside + limits.unit() + " (expected: 0.." + limits.most() + ")");
        }
    }

    private static MapRequest request(int internalPort, int suggestedPort) {
        return new MapRequest(
                Lifetime.DELETE,
                PcpAddress.ANY_IPV4,
                new MappingNonce(0, 0, 0),
                IpProtocol.TCP,
                internalPort,
                suggestedPort,
                PcpAddress.ANY_IPV4,
                List.of());
    }

    private static MapResponse response(int assignedPort) {
        return new MapResponse(
                0,
                Lifetime.DELETE,
                new EpochTime(0),
                new MappingNonce(0, 0, 0),
                IpProtocol.TCP,
                0,
                assignedPort,
                PcpAddress.ANY_IPV4,
                List.of());
    }

    private static PeerRequest peer(int internalPort, int suggestedPort, int remotePort) {
        return new PeerRequest(
                Lifetime.DELETE,
                PcpAddress.ANY_IPV4,
                new MappingNonce(0, 0, 0),
                IpProtocol.TCP,
                internalPort,
                suggestedPort,
                PcpAddress.ANY_IPV4,
                remotePort,
                PcpAddress.ANY_IPV4,
                List.of());
    }

    private static PeerResponse peerAnswer(int internalPort, int assignedPort, int remotePort) {
        return new PeerResponse(
                0,
                Lifetime.DELETE,
                new EpochTime(0),
                new MappingNonce(0, 0, 0),
                IpProtocol.TCP,
                internalPort,
                assignedPort,
                PcpAddress.ANY_IPV4,
                remotePort,
                PcpAddress.ANY_IPV4,
                List.of());
    }

    private static GetTuple tuple(int internalFamily, int externalFamily, int internalPort, int externalPort) {
        return new GetTuple(
                IpProtocol.TCP,
                internalFamily,
                externalFamily,
                PcpAddress.ANY_IPV6,
                PcpAddress.ANY_IPV6,
                internalPort,
                externalPort);
    }

    private static PcpOption.Filter filter(int prefixLength, int remotePort) {
        return new PcpOption.Filter(prefixLength, remotePort, PcpAddress.ANY_IPV4);
    }

    @Test
    void aLifetimeIsCutToWhatTheWireCanSay() {
        assertThat(Lifetime.of(Duration.ofSeconds(90))).isEqualTo(new Lifetime(90));
        assertThat(Lifetime.of(Duration.ofMillis(1999))).isEqualTo(new Lifetime(1));
        assertThat(Lifetime.of(Duration.ofSeconds(-1))).isEqualTo(Lifetime.DELETE);
        assertThat(Lifetime.of(Duration.ofSeconds(U32 + 1))).isEqualTo(Lifetime.INFINITE);
    }

    @Test
    void aLifetimeIsBelievedForADayAtMost() {
        assertThat(new Lifetime(86_399).sane()).isEqualTo(Duration.ofSeconds(86_399));
        assertThat(new Lifetime(86_401).sane()).isEqualTo(Duration.ofDays(1));
        assertThat(Lifetime.INFINITE.sane()).isEqualTo(Duration.ofDays(1));
        assertThat(Lifetime.DELETE.isDelete()).isTrue();
        assertThat(new Lifetime(1).isDelete()).isFalse();
    }

    @Test
    void timeStopsAtNever() {
        var start = MonoTime.START;
        assertThat(start.plus(Duration.ofNanos(Long.MAX_VALUE))).isEqualTo(MonoTime.NEVER);
        assertThat(start.plus(Duration.ofDays(200_000))).isEqualTo(MonoTime.NEVER);
        assertThat(new MonoTime(2).plus(Duration.ofNanos(Long.MAX_VALUE))).isEqualTo(MonoTime.NEVER);
        assertThat(MonoTime.NEVER.plus(Duration.ofSeconds(-1))).isEqualTo(MonoTime.NEVER);
        assertThat(start.until(MonoTime.NEVER)).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @Test
    void timesAreCompared() {
        var early = new MonoTime(-1);
        var late = early.plus(Duration.ofSeconds(2));
        assertThat(early.until(late)).isEqualTo(Duration.ofSeconds(2));
        assertThat(late.until(early)).isEqualTo(Duration.ofSeconds(-2));
        assertThat(early.isBefore(late)).isTrue();
        assertThat(early.isBefore(early)).isFalse();
        assertThat(late.isAfter(early)).isTrue();
        assertThat(late.isAfter(late)).isFalse();
        assertThat(late.earlier(early)).isEqualTo(early);
        assertThat(early.earlier(late)).isEqualTo(early);
        assertThat(early).isLessThan(late);
        assertThat(early.seconds()).as("whole seconds, rounded down").isEqualTo(-1);
        assertThat(late.seconds()).isEqualTo(1);
    }

    @Test
    void aNonceIsReadAsItIsWritten() {
        var nonce = new MappingNonce(0xA1A2A3A4, 0, -1);
        assertThat(nonce).hasToString("a1a2a3a400000000ffffffff");
        assertThat(MappingNonce.parse("a1a2a3a400000000ffffffff")).isEqualTo(nonce);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a1a2a3a400000000fffffff",
                "a1a2a3a400000000fffffffff",
                "g1a2a3a400000000ffffffff",
                "+1a2a3a400000000ffffffff",
                "a1a2a3a4-0000000ffffffff",
                "a1a2a3a4 0000000ffffffff",
                "\u06611a2a3a400000000fffffff"
            })
    void nothingElseIsANonce(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> MappingNonce.parse(text));
    }
}
