package io.portreeve.bench.client;

import io.portreeve.client.ClientSettings;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.PcpClient;
import io.portreeve.client.threads.RunningClient;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.BootClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The real client, with its threads and its store. It asks for mappings, and from then on keeps them. */
final class KeepingClient {
    private KeepingClient() {}

    /** @param args the server's port, the store, how many mappings, their lifetime, how long to take to ask for them */
    public static void main(String... args) throws Exception {
        var settings = new ClientSettings(GrantingServer.ADDRESS, Integer.parseInt(args[0]), Path.of(args[1]));
        try (var client = RunningClient.open(
                settings, new BootClock(), _ -> Runtime.getRuntime().halt(1))) {
            client.servers().get(); // now it has a way there, and sends at once
            ask(client, Integer.parseInt(args[2]), Duration.parse(args[3]), Duration.parse(args[4]));
            System.out.println("ready");
            System.in.readAllBytes();
        }
    }

    private static void ask(PcpClient client, int mappings, Duration lifetime, Duration time) throws Exception {
        var pace = new Pace(time.dividedBy(mappings));
        var answers = new ArrayList<CompletableFuture<MappingOutcome>>();
        for (int port = 1; port <= mappings; port++) {
            answers.add(client.map(request(port, lifetime)));
            pace.await();
        }
        for (var answer : answers) {
            if (!(answer.get() instanceof MappingOutcome.Granted)) {
                throw new IllegalStateException("not granted: " + answer.get());
            }
        }
    }

    private static MappingRequest request(int port, Duration lifetime) {
        var key = new MappingKey(Optional.empty(), IpProtocol.UDP, port, PcpAddress.ANY_IPV4);
        return new MappingRequest(key, "bench", new ExternalChoice.Any(), Lifetime.of(lifetime));
    }
}
