package io.portreeve.bench.client;

import io.portreeve.client.AuditReport;
import io.portreeve.client.ClientSettings;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.PcpClient;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.threads.RunningClient;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.BootClock;
import io.portreeve.server.PcpServer;
import io.portreeve.server.ServerSettings;
import io.portreeve.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * How long the client takes to compare its mappings with the real server's list of them, beside the same datagrams alone.
 *
 * @param pages datagrams of the list
 */
record Auditing(int mappings, int pages, Duration audit, Duration bare) {
    private static final int MAPPINGS_OF_A_PAGE = 21;
    private static final int ASKED_AT_ONCE = 500;
    private static final String TEXT = """
            %,d mappings compared with the server's      datagrams   seconds   times
            the client, asking the server for its list   %,9d %9.3f %7.1f
            as many datagrams there and back, alone      %,9d %9.3f %7.1f
            The list is asked for page by page, by GET/NEXT, over the loopback interface; the aim is 3 s for 10,000.
            """;

    static Auditing measure(int mappings, Path directory) throws Exception {
        int pages = (mappings + MAPPINGS_OF_A_PAGE - 1) / MAPPINGS_OF_A_PAGE;
        try (var server = server(directory.resolve("server"));
                var client = client(server.address().getPort(), directory.resolve("auditing.db"))) {
            map(client, mappings);
            audit(client, mappings); // the compiler has seen it now
            long start = System.nanoTime();
            audit(client, mappings);
            var audit = Duration.ofNanos(System.nanoTime() - start);
            return new Auditing(mappings, pages, audit, BarePages.measure(pages));
        }
    }

    private static PcpServer server(Path state) throws Exception {
        return PcpServer.start(ServerSettings.of(new Settings(
                "bench",
                List.of(
                        "listen = 127.0.0.1",
                        "port = 0",
                        "pool = 203.0.114.1",
                        "quota = 60000",
                        "get = nonce",
                        "state-dir = " + state))));
    }

    private static PcpClient client(int port, Path store) throws Exception {
        var settings = new ClientSettings(
                List.of(io.portreeve.client.PcpServer.at(ServerAddress.at(GrantingServer.ADDRESS, port))),
                List.of(),
                store,
                Duration.ZERO,
                Optional.of(Duration.ofMinutes(10)));
        return RunningClient.open(settings, new BootClock(), failure -> {
            throw new IllegalStateException(failure);
        });
    }

    private static void map(PcpClient client, int mappings) throws Exception {
        for (int first = 1; first <= mappings; first += ASKED_AT_ONCE) {
            var answers = new ArrayList<CompletableFuture<MappingOutcome>>();
            for (int port = first; port < first + ASKED_AT_ONCE && port <= mappings; port++) {
                var key = new MappingKey(Optional.empty(), IpProtocol.UDP, port, PcpAddress.ANY_IPV4);
                answers.add(client.map(new MappingRequest(key, "bench", new ExternalChoice.Any(), new Lifetime(7200))));
            }
            for (var answer : answers) {
                if (!(answer.get() instanceof MappingOutcome.Granted)) {
                    throw new IllegalStateException("not granted: " + answer.get());
                }
            }
        }
    }

    private static void audit(PcpClient client, int mappings) throws Exception {
        var report = client.audit().get();
        if (!report.equals(new AuditReport(mappings, 0, 0, 0, List.of()))) {
            throw new IllegalStateException("the server has not what it should have: " + report);
        }
    }

    String text() {
        return String.format(
                Locale.ROOT,
                TEXT,
                mappings,
                pages,
                seconds(audit),
                seconds(audit) / seconds(bare),
                pages,
                seconds(bare),
                1.0);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
