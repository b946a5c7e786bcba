package io.portreeve.client.kill;

import io.portreeve.client.ClientSettings;
import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.client.PcpClient;
import io.portreeve.client.threads.RunningClient;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.BootClock;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A process with a client in it. It does what its standard input says, and what it is told goes to its standard output:
 *
 * <pre>
 *   map 7 UDP 1001 0         ->  7 granted 203.0.114.1:4022
 *   release 8 UDP 1001       ->  8 released
 *   list 9                   ->  9 list UDP 1001 MAPPED 203.0.114.1:4022;...
 * </pre>
 */
final class Application {
    private static final String OWNER = "kill";
    private static final Lifetime LIFETIME = new Lifetime(7200);

    private final PcpClient client;

    private Application(PcpClient client) {
        this.client = client;
    }

    /** @param args the server's port, and where the store is */
    public static void main(String... args) throws Exception {
        var settings = new ClientSettings(PcpAddress.parse("127.0.0.1"), Integer.parseInt(args[0]), Path.of(args[1]));
        try (var client = RunningClient.open(
                        settings, new BootClock(), _ -> Runtime.getRuntime().halt(1));
                var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            System.out.println("ready");
            in.lines().forEach(new Application(client)::obey);
        }
    }

    private void obey(String line) {
        var words = List.of(line.split(" "));
        switch (words.getFirst()) {
            case "map" -> client.map(request(words)).thenAccept(outcome -> say(words, text(outcome)));
            case "release" -> client.release(OWNER, key(words)).thenAccept(outcome -> say(words, text(outcome)));
            case "list" -> client.mappings().thenAccept(views -> say(words, text(views)));
            default -> throw new IllegalArgumentException(line);
        }
    }

    private static MappingKey key(List<String> words) {
        var protocol = words.get(2).equals("TCP") ? IpProtocol.TCP : IpProtocol.UDP;
        return new MappingKey(Optional.empty(), protocol, Integer.parseInt(words.get(3)), PcpAddress.ANY_IPV4);
    }

    private static MappingRequest request(List<String> words) {
        int preferred = Integer.parseInt(words.get(4));
        var external = preferred == 0 ? new ExternalChoice.Any() : new ExternalChoice.Preferred(preferred);
        return new MappingRequest(key(words), OWNER, external, LIFETIME);
    }

    /** One line is one write to the pipe: who is killed has said it, or not. */
    private static void say(List<String> words, String text) {
        System.out.println(words.get(1) + " " + text);
    }

    private static String text(MappingOutcome outcome) {
        return switch (outcome) {
            case MappingOutcome.Granted(var external, var _, int _) -> "granted " + external;
            case MappingOutcome.Released() -> "released";
            case MappingOutcome.Refused _, MappingOutcome.Unreachable(), MappingOutcome.HeldByOther _ ->
                outcome.toString();
        };
    }

    private static String text(List<MappingView> views) {
        return views.stream()
                .map(view -> view.key() + " " + view.state() + " "
                        + view.external().map(Endpoint::toString).orElse("-"))
                .collect(Collectors.joining(";", "list ", ""));
    }
}
