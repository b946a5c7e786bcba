package io.portreeve.client.threads;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ServerAddress;
import io.portreeve.client.engine.ClientEvent;
import io.portreeve.client.engine.ClientEvent.NatPmpFailed;
import io.portreeve.client.engine.ClientEvent.NatPmpReceived;
import io.portreeve.client.engine.ClientEvent.OtherVersion;
import io.portreeve.client.engine.ClientEvent.Received;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.requirements.Proves;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DatagramsTest {
    private static final ServerAddress SERVER = ServerAddress.at(PcpAddress.parse("192.0.2.1"), 5351);
    private static final Lifetime HALF_AN_HOUR = new Lifetime(1800);

    record Row(String why, String hex, Optional<ClientEvent> event) {}

    private static Row row(String why, String hex, ClientEvent event) {
        return new Row(why, hex, Optional.of(event));
    }

    static Stream<Row> rows() {
        var epoch = new EpochTime(7);
        var address = PcpAddress.parse("203.0.113.1");
        return Stream.of(
                row("no PCP here, R clear", "0000000100000007", new OtherVersion(SERVER, 0, HALF_AN_HOUR)),
                row("no PCP here, R set", "0081000100000007", new OtherVersion(SERVER, 0, HALF_AN_HOUR)),
                row("no such version", "0381000100000007", new OtherVersion(SERVER, 3, new Lifetime(7))),
                row(
                        "an address",
                        "0080000000000007cb007101",
                        new NatPmpReceived(SERVER, new ExternalAddressResponse(NatPmpResult.SUCCESS, epoch, address))),
                row(
                        "a mapping, in the octets of PCP's header and more",
                        "00820000000000071f901f9000000e10" + "00".repeat(12),
                        new NatPmpReceived(
                                SERVER,
                                new NatPmpMapResponse(
                                        IpProtocol.TCP, NatPmpResult.SUCCESS, epoch, 8080, 8080, new Lifetime(3600)))),
                row(
                        "an opcode error",
                        "00820005000000071f901f9000000e10",
                        new NatPmpFailed(SERVER, Optional.of(IpProtocol.TCP), 5)),
                row(
                        "a result of the future",
                        "008000090000000700000000",
                        new NatPmpFailed(SERVER, Optional.empty(), 9)),
                row(
                        "PCP",
                        "0280000000000000" + "00000007" + "00".repeat(12),
                        new Received(SERVER, new AnnounceResponse(0, epoch))),
                new Row("a request of NAT-PMP", "0000", Optional.empty()),
                new Row("one of four octets", "00000000", Optional.empty()),
                new Row("nothing", "", Optional.empty()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Proves("pcp:C-RSP-02")
    void readsWhatAServerSays(Row row) {
        var datagram = ByteBuffer.wrap(HexFormat.of().parseHex(row.hex()));
        assertThat(Datagrams.event(datagram, SERVER)).as(row.why()).isEqualTo(row.event());
    }
}
