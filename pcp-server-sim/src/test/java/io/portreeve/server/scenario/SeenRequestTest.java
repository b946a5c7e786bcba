package io.portreeve.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.net.SeenDatagram;
import io.portreeve.server.net.SeenDatagram.Direction;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a datagram from 10.0.0.2 asks for. */
final class SeenRequestTest {
    private static final Endpoint SERVER = new Endpoint(PcpAddress.parse("10.0.0.1"), 5351);
    private static final Endpoint CLIENT = new Endpoint(PcpAddress.parse("10.0.0.2"), 40_000);
    private static final String FROM = "00000000000000000000ffff0a000002";
    private static final String NONCE = "a1a2a3a4b1b2b3b4c1c2c3c4";
    private static final String ANY = "00000000000000000000ffff00000000";
    private static final String REMOTE = "01bb0000" + "00000000000000000000ffffc6336401";

    @ParameterizedTest
    @CsvSource(textBlock = """
            0201000000001c20 FROM NONCE 06000000 1f900000 ANY,        MAP tcp 8080 from 10.0.0.2
            0201000000000000 FROM NONCE 11000000 1f910000 ANY,        MAP udp 8081 from 10.0.0.2 delete
            0202000000001c20 FROM NONCE 11000000 1f920000 ANY REMOTE, PEER udp 8082 from 10.0.0.2
            0200000000000000 FROM,                                    ANNOUNCE from 10.0.0.2
            0000,                                                     ADDRESS from 10.0.0.2
            000100001f9300000000003c,                                 MAP udp 8083 from 10.0.0.2
            000200001f94000000000000,                                 MAP tcp 8084 from 10.0.0.2 delete
            0009,                                                     UNREADABLE from 10.0.0.2
            0301,                                                     UNREADABLE from 10.0.0.2
            '',                                                       UNREADABLE from 10.0.0.2
            """)
    void isReadInBothProtocols(String datagram, String request) {
        var hex = datagram.replace("FROM", FROM)
                .replace("NONCE", NONCE)
                .replace("ANY", ANY)
                .replace("REMOTE", REMOTE)
                .replace(" ", "");
        var seen = new SeenDatagram(
                Direction.RECEIVED, SERVER, CLIENT, HexFormat.of().parseHex(hex));
        assertThat(SeenRequest.of(seen)).hasToString(request);
    }
}
