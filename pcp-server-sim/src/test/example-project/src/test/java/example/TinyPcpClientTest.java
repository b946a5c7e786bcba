package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.junit.PcpServerExtension;
import io.portreeve.server.junit.PcpServerSettings;
import io.portreeve.server.junit.PcpTestServer;
import io.portreeve.server.junit.VirtualTime;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PcpServerExtension.class)
class TinyPcpClientTest {

    private static TinyPcpClient client(PcpTestServer server, Duration patience) throws Exception {
        return new TinyPcpClient(server.address(), server.clock(), patience, Duration.ofHours(2));
    }

    private static TinyPcpClient client(PcpTestServer server) throws Exception {
        return client(server, Duration.ofSeconds(3));
    }

    @Test
    void opensAPort(PcpTestServer server) throws Exception {
        try (var client = client(server)) {
            var mapping = client.open(8080);
            assertEquals(server.externalAddress(), mapping.external().getAddress());
        }
        var request = server.awaitRequest(MapRequest.class);
        assertEquals(IpProtocol.TCP, request.protocol());
        assertEquals(8080, request.internalPort());
        assertEquals(1, server.mappings().size());
    }

    @Test
    @PcpServerSettings("quota = 2")
    void tellsThatTheQuotaIsUsedUp(PcpTestServer server) throws Exception {
        try (var client = client(server)) {
            client.open(8080);
            client.open(8081);
            var refused = assertThrows(TinyPcpClient.RefusedException.class, () -> client.open(8082));
            assertEquals(ResultCode.USER_EX_QUOTA.value(), refused.result);
        }
    }

    @Test
    @VirtualTime
    void renewsInTime(PcpTestServer server) throws Exception {
        try (var client = client(server)) {
            client.open(8080);
            server.advance(Duration.ofMinutes(59));
            client.renew(); // half of two hours is not over yet
            assertEquals(1, server.received().size());
            server.advance(Duration.ofMinutes(1));
            client.renew();
            assertEquals(2, server.received().size());
        }
        server.advance(Duration.ofHours(2).minusSeconds(1));
        assertEquals(1, server.mappings().size());
        server.advance(Duration.ofSeconds(1));
        assertEquals(0, server.mappings().size());
    }

    @Test
    void asksUntilItIsAnswered(PcpTestServer server) throws Exception {
        server.faults().dropAnswers(100);
        try (var client = client(server, Duration.ofMillis(10))) {
            var mapping = CompletableFuture.supplyAsync(() -> assertOpens(client));
            var first = server.awaitRequest(MapRequest.class);
            var second = server.awaitRequest(MapRequest.class);
            assertEquals(first, second); // with the same nonce, too
            server.faults().clear();
            mapping.get(30, TimeUnit.SECONDS);
        }
        assertEquals(1, server.mappings().size());
    }

    private static TinyPcpClient.Mapping assertOpens(TinyPcpClient client) {
        try {
            return client.open(8080);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void believesWhatItIsTold(PcpTestServer server) throws Exception {
        var elsewhere = InetAddress.ofLiteral("198.51.100.99");
        server.faults().external(elsewhere).duplicate(100);
        try (var client = client(server)) {
            assertEquals(elsewhere, client.open(8080).external().getAddress());
        }
        var answer = server.received().getFirst().answer().orElseThrow();
        assertEquals(Duration.ofHours(2), answer.as(MapResponse.class).orElseThrow().lifetime().sane());
    }

    @Test
    void passesARefusalOn(PcpTestServer server) throws Exception {
        server.faults().refuse(ResultCode.NO_RESOURCES, Duration.ofSeconds(5));
        try (var client = client(server)) {
            assertThrows(TinyPcpClient.RefusedException.class, () -> client.open(8080));
        }
        assertEquals(List.of(), server.mappings());
    }

    @Test
    @VirtualTime
    void opensAgainWhatTheServerHasLost(PcpTestServer server) throws Exception {
        try (var client = client(server)) {
            client.open(8080);
            server.advance(Duration.ofMinutes(10));
            client.open(8081);
            server.restartWithoutState();
            assertEquals(0, server.mappings().size());
            client.open(8081);
            assertEquals(2, server.mappings().size());
        }
    }

    @Test
    void twoServersAtOnce(PcpTestServer server) throws Exception {
        try (var other = PcpTestServer.inRealTime("pool = 203.0.113.77");
                var client = client(server);
                var otherClient = client(other)) {
            assertNotEquals(
                    client.open(8080).external().getAddress(),
                    otherClient.open(8080).external().getAddress());
        }
    }
}
