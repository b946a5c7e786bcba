package io.portreeve.client.threads;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.engine.ClientEvent;
import io.portreeve.client.net.ServerLocator;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SurroundingsTest {
    private static final ServerAddress ADDRESS = ServerAddress.at(PcpAddress.parse("192.0.2.1"), 5351);
    private static final PcpServer SERVER = PcpServer.at(ADDRESS);
    private static final IOException BLIND = new IOException("nothing can be seen");

    private final List<ClientEvent> inbox = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private ResponseListener listener;
    private Channels channels;

    @BeforeEach
    void open() throws IOException {
        listener = new ResponseListener(inbox::add, failures::add);
        channels = new Channels(listener, inbox::add);
    }

    @AfterEach
    void close() {
        channels.close();
        listener.close();
    }

    private Surroundings surroundings(PcpServer... configured) throws IOException {
        return new Surroundings(new ServerLocator(List.of(configured), List.of()), channels, inbox::add, failures::add);
    }

    @Test
    void whoCannotSeeTheNetworkAsksTheServersThatAreConfigured() throws Exception {
        try (var blind = surroundings(SERVER)) {
            blind.lost(BLIND);
            blind.lost(BLIND);
        }
        assertThat(inbox).containsExactly(new ClientEvent.Servers(List.of(SERVER)));
        assertThat(failures).isEmpty();
    }

    @Test
    void whoCannotSeeTheNetworkFindsNoServersInIt() throws Exception {
        try (var blind = surroundings()) {
            blind.lost(BLIND);
        }
        assertThat(inbox).isEmpty();
        assertThat(failures).containsExactly(BLIND);
    }

    private static ByteBuffer octets(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void announcementsAreHandedOnAndNothingElseThatIsSaidToAll() throws Exception {
        var zeros = " 00000000 00000000 00000000";
        try (var surroundings = surroundings(SERVER)) {
            surroundings.heard(ADDRESS, octets("02800000 00000000 00000007" + zeros));
            surroundings.heard(ADDRESS, octets("02000000 00000000 00000007" + zeros));
            surroundings.heard(ADDRESS, octets("00800000 00000007 cb007201"));
            surroundings.heard(ADDRESS, octets("00820000 00000007 1f901f90 00000e10"));
            surroundings.heard(ADDRESS, octets("00000001 00000007"));
            surroundings.heard(ADDRESS, octets("02810000 00000e10 00000007" + zeros + "00".repeat(36)));
            surroundings.heard(ADDRESS, octets(""));
        }
        assertThat(inbox)
                .containsExactly(
                        new ClientEvent.Announced(ADDRESS, new AnnounceResponse(0, new EpochTime(7))),
                        new ClientEvent.NatPmpReceived(
                                ADDRESS,
                                new ExternalAddressResponse(
                                        NatPmpResult.SUCCESS, new EpochTime(7), PcpAddress.parse("203.0.114.1"))));
    }
}
