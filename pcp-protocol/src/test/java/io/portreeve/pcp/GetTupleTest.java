package io.portreeve.pcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GetTupleTest {
    private static final PcpAddress ANY = PcpAddress.ANY_IPV6;
    private static final PcpAddress INTERNAL = PcpAddress.parse("192.168.1.10");
    private static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.113.7");
    private static final PcpAddress IPV6 = PcpAddress.parse("2001:db8::1");
    private static final IpProtocol TCP = IpProtocol.TCP;
    private static final IpProtocol ALL = IpProtocol.ALL;

    private record Sound(String why, boolean sound, GetTuple filter) {}

    static Stream<Sound> filters() {
        return Stream.of(
                new Sound("everything", true, GetTuple.ANY),
                new Sound("a mapping", true, GetTuple.of(TCP, INTERNAL, 80, EXTERNAL, 8080)),
                new Sound("an IPv6 mapping", true, GetTuple.of(TCP, IPV6, 80, IPV6, 80)),
                new Sound("a protocol", true, new GetTuple(TCP, 0, 0, ANY, ANY, 0, 0)),
                new Sound("ports of a protocol", true, new GetTuple(TCP, 0, 0, ANY, ANY, 1, 2)),
                new Sound("an internal port of no protocol", false, new GetTuple(ALL, 0, 0, ANY, ANY, 1, 0)),
                new Sound("an external port of no protocol", false, new GetTuple(ALL, 0, 0, ANY, ANY, 0, 1)),
                new Sound("addresses of no protocol", true, new GetTuple(ALL, 1, 1, INTERNAL, EXTERNAL, 0, 0)),
                new Sound("an internal address of no family", false, new GetTuple(ALL, 0, 1, INTERNAL, EXTERNAL, 0, 0)),
                new Sound("an external address of no family", false, new GetTuple(ALL, 1, 0, INTERNAL, EXTERNAL, 0, 0)),
                new Sound("an IPv6 address of no family", false, new GetTuple(ALL, 0, 0, IPV6, ANY, 0, 0)),
                new Sound("0.0.0.0 of no family", false, new GetTuple(ALL, 0, 0, PcpAddress.ANY_IPV4, ANY, 0, 0)),
                new Sound("any IPv4", true, new GetTuple(ALL, 1, 0, PcpAddress.ANY_IPV4, ANY, 0, 0)),
                new Sound("any IPv4, in the zeros of IPv6", false, new GetTuple(ALL, 1, 0, ANY, ANY, 0, 0)),
                new Sound("any IPv6", true, new GetTuple(ALL, 0, 2, ANY, ANY, 0, 0)),
                new Sound("0.0.0.0 as IPv6", false, new GetTuple(ALL, 2, 0, PcpAddress.ANY_IPV4, ANY, 0, 0)),
                new Sound("IPv4 as IPv6", false, new GetTuple(ALL, 0, 2, ANY, EXTERNAL, 0, 0)),
                new Sound("IPv6 as IPv4", false, new GetTuple(ALL, 1, 0, IPV6, ANY, 0, 0)),
                new Sound("an unknown internal family", false, new GetTuple(ALL, 3, 0, ANY, ANY, 0, 0)),
                new Sound("an unknown external family", false, new GetTuple(ALL, 0, 255, ANY, ANY, 0, 0)));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void isSound(Sound row) {
        assertThat(row.filter().isSound()).as(row.why()).isEqualTo(row.sound());
    }

    private record Match(String why, boolean matches, GetTuple filter) {}

    static Stream<Match> matches() {
        var other = PcpAddress.parse("192.168.1.11");
        return Stream.of(
                new Match("everything", true, GetTuple.ANY),
                new Match("itself", true, GetTuple.of(TCP, INTERNAL, 80, EXTERNAL, 8080)),
                new Match("its protocol", true, new GetTuple(TCP, 0, 0, ANY, ANY, 0, 0)),
                new Match("another protocol", false, new GetTuple(IpProtocol.UDP, 0, 0, ANY, ANY, 0, 0)),
                new Match("its internal port", true, new GetTuple(TCP, 0, 0, ANY, ANY, 80, 0)),
                new Match("another internal port", false, new GetTuple(TCP, 0, 0, ANY, ANY, 8080, 0)),
                new Match("its external port", true, new GetTuple(TCP, 0, 0, ANY, ANY, 0, 8080)),
                new Match("another external port", false, new GetTuple(TCP, 0, 0, ANY, ANY, 0, 80)),
                new Match("its internal address", true, new GetTuple(ALL, 1, 0, INTERNAL, ANY, 0, 0)),
                new Match("another internal address", false, new GetTuple(ALL, 1, 0, other, ANY, 0, 0)),
                new Match("its external address", true, new GetTuple(ALL, 0, 1, ANY, EXTERNAL, 0, 0)),
                new Match("another external address", false, new GetTuple(ALL, 0, 1, ANY, other, 0, 0)),
                new Match("its families", true, new GetTuple(ALL, 1, 1, PcpAddress.ANY_IPV4, ANY, 0, 0)),
                new Match("another internal family", false, new GetTuple(ALL, 2, 0, ANY, ANY, 0, 0)),
                new Match("another external family", false, new GetTuple(ALL, 0, 2, ANY, ANY, 0, 0)),
                new Match("all but the port", false, GetTuple.of(TCP, INTERNAL, 80, EXTERNAL, 8081)));
    }

    @ParameterizedTest
    @MethodSource("matches")
    void matches(Match row) {
        var mapping = GetTuple.of(TCP, INTERNAL, 80, EXTERNAL, 8080);
        assertThat(row.filter().matches(mapping)).as(row.why()).isEqualTo(row.matches());
    }

    @Test
    void namesTheFamiliesOfItsAddresses() {
        assertThat(GetTuple.of(TCP, INTERNAL, 80, IPV6, 8080))
                .isEqualTo(new GetTuple(TCP, GetTuple.IPV4, GetTuple.IPV6, INTERNAL, IPV6, 80, 8080));
        assertThat(GetTuple.of(ALL, ANY, 0, ANY, 0).isAny())
                .as("all of IPv6 is no undefined locator")
                .isFalse();
        assertThat(GetTuple.ANY.isAny()).isTrue();
    }

    @Test
    void eachFieldCountsMoreThanTheOnesBehindIt() {
        var high = PcpAddress.parse("ffff::");
        var inOrder = List.of(
                GetTuple.ANY,
                new GetTuple(ALL, 0, 0, ANY, ANY, 0, 65_535),
                new GetTuple(ALL, 0, 0, ANY, ANY, 1, 0),
                new GetTuple(ALL, 0, 0, ANY, ANY, 65_535, 65_535),
                new GetTuple(ALL, 0, 0, ANY, IPV6, 0, 0),
                new GetTuple(ALL, 0, 0, ANY, high, 65_535, 65_535),
                new GetTuple(ALL, 0, 0, IPV6, ANY, 0, 0),
                new GetTuple(ALL, 0, 0, high, high, 65_535, 65_535),
                new GetTuple(ALL, 0, 1, ANY, ANY, 0, 0),
                new GetTuple(ALL, 0, 255, high, high, 65_535, 65_535),
                new GetTuple(ALL, 1, 0, ANY, ANY, 0, 0),
                new GetTuple(ALL, 255, 255, high, high, 65_535, 65_535),
                new GetTuple(TCP, 0, 0, ANY, ANY, 0, 0),
                new GetTuple(new IpProtocol(255), 0, 0, ANY, ANY, 0, 0));
        assertThat(inOrder.reversed().stream().sorted()).containsExactlyElementsOf(inOrder);
    }

    /** Client and server must agree, so the order is that of the octets on the wire. */
    @Test
    void isInTheOrderOfItsOctets() {
        Seeds.each(50_000, random -> {
            var one = tuple(random);
            var other = tuple(random);
            assertThat(Integer.signum(one.compareTo(other)))
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(octets(one), octets(other))));
            assertThat(one.compareTo(other) == 0).isEqualTo(one.equals(other));
        });
    }

    /** Few values a field, so that most comparisons come down to the last ones. */
    private static GetTuple tuple(RandomGenerator random) {
        return new GetTuple(
                new IpProtocol(random.nextInt(2) * 200),
                random.nextInt(2),
                random.nextInt(2) * 128,
                address(random),
                address(random),
                random.nextInt(2) * 40_000,
                random.nextInt(3) * 30_000);
    }

    private static PcpAddress address(RandomGenerator random) {
        return new PcpAddress(random.nextInt(2) * Long.MIN_VALUE, random.nextInt(-1, 1));
    }

    private static byte[] octets(GetTuple tuple) {
        return ByteBuffer.allocate(39)
                .put((byte) tuple.protocol().number())
                .put((byte) tuple.internalFamily())
                .put((byte) tuple.externalFamily())
                .putLong(tuple.internal().high())
                .putLong(tuple.internal().low())
                .putLong(tuple.external().high())
                .putLong(tuple.external().low())
                .putShort((short) tuple.internalPort())
                .putShort((short) tuple.externalPort())
                .array();
    }
}
