package io.portreeve.client.threads;

import io.portreeve.client.net.Neighbour;
import io.portreeve.server.PcpServer;
import io.portreeve.server.ServerSettings;
import io.portreeve.server.store.Machine;
import io.portreeve.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A router with a PCP server on it, at the other end of a cable. */
final class Provider implements AutoCloseable {
    private final Neighbour router = new Neighbour();
    private PcpServer server;

    /**
     * @param index of the link, which is made
     * @param addresses of the router, each with its prefix
     */
    Provider(String link, int index, String... addresses) throws Exception {
        router.plugIn(link, index);
        for (var address : addresses) {
            router.ip("address add %s dev eth0%s".formatted(address, address.contains(":") ? " nodad" : ""));
        }
        router.ip("route add 224.0.0.0/4 dev eth0");
    }

    /** Ends an earlier server and starts one that has run for an hour. */
    void serve(String listen, Path state) throws Exception {
        start(listen, state, Duration.ZERO);
        start(listen, state, Duration.ofHours(1));
    }

    /** Ends an earlier server and starts one that knows of nothing. */
    void serveAnew(String listen, Path empty) throws Exception {
        start(listen, empty, Duration.ZERO);
    }

    private void start(String listen, Path state, Duration later) throws Exception {
        if (server != null) {
            server.close();
        }
        var lines = List.of("listen = " + listen, "pool = 203.0.114.1", "quota = 1000", "state-dir = " + state);
        var settings = ServerSettings.of(new Settings("test", lines));
        server = router.inside(() -> PcpServer.start(settings, machine(later))).get();
    }

    private static Machine machine(Duration later) {
        var real = Machine.real();
        return new Machine(
                real.bootId(),
                () -> real.clock().now().plus(later),
                () -> real.wall().instant().plus(later));
    }

    /** {@return its mappings as {@code SUBSCRIBER PORT}} */
    List<String> mappings() {
        return server.cgn().table().stream()
                .map(entry ->
                        entry.subscriber() + " " + entry.mapping().internal().port())
                .toList();
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        router.close();
    }
}
