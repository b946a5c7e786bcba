package io.portreeve.client.threads;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ClientSettings;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.PcpClient;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.BootClock;
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
        var loopback = PcpAddress.of(server.address().getAddress());
        var settings = new ClientSettings(loopback, server.address().getPort(), folder.resolve("mappings.db"));
        return RunningClient.open(settings, new BootClock(), Failures::unexpected);
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
}
