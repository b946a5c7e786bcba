package io.portreeve.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.net.SeenDatagram;
import io.portreeve.server.net.SeenDatagram.Direction;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The octets were made by another program, from the RFCs. */
final class PcapTest {
    private static final Instant AT = Instant.parse("2026-11-21T12:00:00.000123456Z");

    private static Endpoint endpoint(String address, int port) {
        return new Endpoint(PcpAddress.parse(address), port);
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }

    @Test
    void aFileSaysThatPacketsBeginWithTheirIpHeader() {
        assertThat(hex(Pcap.header()))
                .isEqualTo("a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000065".replace(" ", ""));
    }

    @Test
    void aRecordSaysWhenAndHowLong() {
        var seen = new SeenDatagram(
                Direction.RECEIVED, endpoint("100.64.0.1", 5351), endpoint("100.64.0.2", 40_000), new byte[2]);
        assertThat(hex(Pcap.record(AT, seen))).startsWith("6b0187c0 0000007b 0000001e 0000001e 45".replace(" ", ""));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            RECEIVED, 100.64.0.1, 5351, 100.64.0.2, 40000, 0000, 4500001e00004000 4011724c64400002 644000019c4014e7 000a862f0000
            RECEIVED, 100.64.0.1, 5351, 100.64.0.2, 40000, 862f, 4500001e00004000 4011724c64400002 644000019c4014e7 000affff862f
            SENT, 100.64.0.1, 5351, 224.0.0.1, 5350, 0280, 4500001e000040000111358d64400001e000000114e714e6000a8f4a0280
            SENT, 2001:db8::1, 5351, 2001:db8::2, 40001, 020102, 60000000000b1140 20010db800000000 0000000000000001 20010db800000000 0000000000000002 14e79c41000bef39 020102
            """)
    void aPacketIsAsItWasOnTheLine(
            Direction direction,
            String local,
            int localPort,
            String remote,
            int remotePort,
            String octets,
            String packet) {
        var seen = new SeenDatagram(
                direction,
                endpoint(local, localPort),
                endpoint(remote, remotePort),
                HexFormat.of().parseHex(octets));
        assertThat(hex(Pcap.record(AT, seen)).substring(32)).isEqualTo(packet.replace(" ", ""));
    }
}
