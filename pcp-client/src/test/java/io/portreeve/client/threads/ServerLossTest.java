package io.portreeve.client.threads;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ClientSettings;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.client.PcpClient;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.runtime.BootClock;
import io.portreeve.runtime.MonoClock;
import io.portreeve.server.junit.PcpTestServer;
import io.portreeve.server.junit.VirtualTime;
import io.portreeve.testing.Await;
import io.portreeve.testing.Failures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client at work with a server that forgets. Only the server's time stands still. */
class ServerLossTest {
    @TempDir
    private Path folder;

    private PcpClient open(PcpTestServer server) throws Exception {
        return open(server, new BootClock());
    }

    private PcpClient open(PcpTestServer server, MonoClock clock) throws Exception {
        var loopback = PcpAddress.of(server.address().getAddress());
        var settings = new ClientSettings(loopback, server.address().getPort(), folder.resolve("mappings.db"));
        return RunningClient.open(settings, clock, Failures::unexpected);
    }

    private static MappingOutcome.Granted map(PcpClient client, int port) throws Exception {
        var key = new MappingKey(Optional.empty(), IpProtocol.TCP, port, PcpAddress.ANY_IPV4);
        var request = new MappingRequest(key, "test", new ExternalChoice.Any(), new Lifetime(7200));
        return (MappingOutcome.Granted) client.map(request).get(60, TimeUnit.SECONDS);
    }

    /** Renewals come after an hour at the earliest: what is asked for a second time is made again. */
    @Test
    @VirtualTime
    void makesAgainWhatTheServerHasLost(PcpTestServer server) throws Exception {
        server.advance(
                Duration.ofMinutes(10)); // one that is younger than two seconds cannot be seen to have lost anything
        try (var client = open(server)) {
            var granted = map(client, 8080);
            var first = server.awaitRequest(MapRequest.class);
            server.restartWithoutState();
            assertThat(server.mappings()).isEmpty();
            map(client, 8081); // the answer tells the new epoch
            var again = server.awaitRequest(MapRequest.class, request -> request.internalPort() == 8080);
            assertThat(again.nonce()).isEqualTo(first.nonce());
            assertThat(again.suggestedPort()).isEqualTo(granted.external().port());
            Await.until("both are there", () -> server.mappings().size() == 2);
        }
    }

    /** {@return the time that the server lives in} The client looks at it whenever something happens. */
    private static MonoClock clockOf(PcpTestServer server) {
        var begin = server.clock().instant();
        return () -> MonoTime.START.plus(Duration.between(begin, server.clock().instant()));
    }

    @Test
    @VirtualTime
    @Proves("rel:F-8")
    void aRestartThatLosesNothingIsNoReasonToAskAgain(PcpTestServer server) throws Exception {
        server.advance(Duration.ofMinutes(10));
        try (var client = open(server, clockOf(server))) {
            for (int port = 8080; port < 8090; port++) {
                map(client, port);
            }
            server.restartAfter(Duration.ofSeconds(60));
            map(client, 9000); // the answer tells the epoch
            assertThat(server.running().epochTime().seconds()).isEqualTo(660);
            server.advance(Duration.ofMinutes(58)); // a renewal comes after an hour at the earliest
            map(client, 9001);
            assertThat(client.mappings().get(60, TimeUnit.SECONDS))
                    .hasSize(12)
                    .extracting(MappingView::state)
                    .containsOnly("MAPPED");
            assertThat(server.received(MapRequest.class)).hasSize(12);

            server.advance(Duration.ofMinutes(20)); // and after 75 minutes at the latest
            map(client, 9002);
            Await.until(
                    "the first ones are renewed",
                    () -> server.received(MapRequest.class).size() >= 23);
        }
    }
}
