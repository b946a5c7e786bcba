package io.portreeve.igd.daemon;

import io.portreeve.client.PcpClient;
import io.portreeve.client.ServerView;
import io.portreeve.igd.gateway.Gateway;
import io.portreeve.igd.http.LanServer;
import io.portreeve.igd.iwf.IgdReply.Entry;
import io.portreeve.igd.metrics.Measured;
import io.portreeve.igd.report.EntryReport;
import io.portreeve.igd.report.Status;
import io.portreeve.igd.report.StatusJson;
import io.portreeve.igd.report.StatusText;
import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.MonoClock;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What the person who runs the gateway may ask it at its control socket.
 *
 * @param configuration the one in force
 * @param uplink towards who opens ports
 * @param started when the gateway began
 */
record Answers(
        Supplier<Configuration> configuration,
        Uplink uplink,
        Gateway gateway,
        PcpClient client,
        LanServer lan,
        MonoClock clock,
        MonoTime started)
        implements UnaryOperator<String> {

    /** A client that works answers within milliseconds. */
    private static final int LIVELY_SECONDS = 2;

    @Override
    public String apply(String question) {
        return switch (question) {
            case "status" -> StatusText.of(status(), ZoneId.systemDefault());
            case "status json" -> StatusJson.of(status());
            case "list" -> EntryReport.text(entries());
            case "list json" -> EntryReport.json(entries());
            default -> "no such question; ask: status, status json, list, list json\n";
        };
    }

    private List<Entry> entries() {
        return gateway.snapshot()
                .orElseThrow(() -> new IllegalStateException("the interworking does not answer"))
                .entries();
    }

    private Status status() {
        var inForce = configuration.get();
        var settings = inForce.settings();
        return new Status(
                Portreeve.VERSION,
                ProcessHandle.current().pid(),
                started.until(clock.now()),
                inForce.file(),
                inForce.read(),
                settings.lanInterface(),
                lan.descriptions(),
                settings.wanInterface(),
                uplink.wan(),
                uplink.upstream().explained(),
                servers().join(),
                gateway.snapshot(),
                gateway.journal().last());
    }

    Measured measured() {
        var servers = servers(); // answers while the interworking does
        return new Measured(gateway.snapshot(), gateway.counts(), lan.rejects(), servers.join());
    }

    private CompletableFuture<List<ServerView>> servers() {
        return client.servers()
                .completeOnTimeout(List.of(), LIVELY_SECONDS, TimeUnit.SECONDS)
                .exceptionally(_ -> List.of());
    }
}
