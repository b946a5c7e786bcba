package io.portreeve.client.threads;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.AuditReport;
import io.portreeve.client.ClientSettings;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.PcpClient;
import io.portreeve.client.PcpClientException;
import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.BootClock;
import io.portreeve.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client asks the real server what it has: more than one page. */
class RunningAuditTest {
    private static final PcpAddress LOOPBACK = PcpAddress.parse("127.0.0.1");

    @TempDir
    private Path folder;

    private PcpClient open(int port) throws PcpClientException {
        var settings = new ClientSettings(
                List.of(PcpServer.at(ServerAddress.at(LOOPBACK, port))),
                List.of(),
                folder.resolve("mappings.db"),
                Duration.ZERO,
                Optional.of(Duration.ZERO));
        return RunningClient.open(settings, new BootClock(), failure -> {
            throw new AssertionError(failure);
        });
    }

    private static void map(PcpClient client, int from, int to) throws Exception {
        var answers = IntStream.range(from, to)
                .mapToObj(port -> new MappingKey(Optional.empty(), IpProtocol.UDP, port, PcpAddress.ANY_IPV4))
                .map(key -> client.map(new MappingRequest(key, "test", new ExternalChoice.Any(), new Lifetime(7200))))
                .toList();
        for (var answer : answers) {
            assertThat(answer.get(30, TimeUnit.SECONDS)).isInstanceOf(MappingOutcome.Granted.class);
        }
    }

    @Test
    void whatAnEarlierRunLeftBehindIsFoundAndDeleted() throws Exception {
        var store = folder.resolve("mappings.db");
        var kept = folder.resolve("kept.db");
        try (var server = RealServer.start(folder.resolve("server"), 0, "get = nonce")) {
            try (var client = open(server.address().getPort())) {
                map(client, 1, 51);
                assertThat(client.audit().get(30, TimeUnit.SECONDS)).isEqualTo(new AuditReport(50, 0, 0, 0, List.of()));
            }
            Files.copy(store, kept);
            try (var client = open(server.address().getPort())) {
                map(client, 51, 61);
            }
            Files.delete(store);
            Files.move(kept, store);
            try (var client = open(server.address().getPort())) {
                Await.until(
                        "what the disk forgot is gone",
                        () -> server.cgn().table().size() == 50);
                assertThat(client.audit().get(30, TimeUnit.SECONDS)).isEqualTo(new AuditReport(50, 0, 0, 0, List.of()));
            }
        }
    }
}
