package io.portreeve.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TupleCodecTest {
    private static final PcpAddress ADDRESS = PcpAddress.parse("203.0.114.1");

    private static final PcpAddress IPV6 = PcpAddress.parse("2001:db8:5::2");

    private record Row(Tuple tuple, String octets) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row(Tuple.of(IpProtocol.UDP, ADDRESS, 41_969), "11000000 cb007201 a3f10000"),
                new Row(Tuple.of(IpProtocol.TCP, 80), "06000000 00500000"),
                new Row(Tuple.of(ADDRESS, 65_535), "cb007201 ffff0000"),
                new Row(Tuple.of(ADDRESS), "cb007201"),
                new Row(Tuple.of(8080), "1f90"),
                new Row(Tuple.of(IPV6), "20010db8 00050000 00000000 00000002"),
                new Row(
                        Tuple.of(IpProtocol.UDP, IPV6, 41_969).and(Tuple.of(IPV6, 80)),
                        "11000000 20010db8 00050000 00000000 00000002 a3f10000"
                                + " 20010db8 00050000 00000000 00000002 00500000"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void bothWays(Row row) {
        var octets = HexFormat.of().parseHex(row.octets.replace(" ", ""));
        var kinds = row.tuple.fields().stream().map(Field::kind).toList();
        assertThat(TupleCodec.octets(row.tuple)).isEqualTo(octets);
        assertThat(TupleCodec.tuple(octets, kinds)).isEqualTo(row.tuple);
    }

    @Test
    void whatIsMissingAtTheEndIsReadAsZero() {
        var kinds = List.of(Field.Kind.PROTOCOL, Field.Kind.ADDRESS, Field.Kind.PORT);
        var octets = TupleCodec.octets(Tuple.of(IpProtocol.UDP, ADDRESS, 41_969));
        assertThat(TupleCodec.tuple(Arrays.copyOf(octets, 8), kinds)).isEqualTo(Tuple.of(IpProtocol.UDP, ADDRESS, 0));
        assertThat(TupleCodec.tuple(new byte[0], kinds)).isEqualTo(Tuple.of(new IpProtocol(0), PcpAddress.ANY_IPV4, 0));
    }
}
