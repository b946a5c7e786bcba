package io.portreeve.bench.client;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** What it costs to renew mappings, beside the same exchanges alone, made at the same time. */
record Renewing(ClientPlan plan, Duration seen, Exchanges.Cost client, Exchanges.Cost bare) {
    private static final int MAPPINGS = 10_000;
    private static final Duration LIFETIME = Duration.ofHours(2);
    private static final long RENEWALS_PER_HOUR = MAPPINGS
            * Duration.ofHours(1).toSeconds()
            / ClientPlan.renewedAfter(LIFETIME).toSeconds();
    private static final String HEAD = """
            %,d mappings being renewed        exchanges    CPU s    ms each  CPU s/hour   times
            """;
    private static final String ROW = "%-36s %,9d %8.2f %10.3f %11.1f %7.1f%n";
    private static final String FOOT = """
            Seen for %d s, with %,d mappings of %d s. An hour is the %,d renewals of %,d mappings of %d h, each of which costs
            what it was seen to cost, with system calls, garbage collection and compiler. Every grant goes to disk.
            """;

    static Renewing measure(ClientPlan plan, Path directory) throws IOException {
        try (var server = new GrantingServer();
                var bareServer = new GrantingServer();
                var client = MeasuredProcess.start(
                        KeepingClient.class,
                        server.port(),
                        directory.resolve("renewing.db"),
                        plan.mappings(),
                        plan.lifetime(),
                        plan.asking());
                var bare = MeasuredProcess.start(BareExchanges.class, bareServer.port())) {
            bare.tell(plan.warmUp() + " " + Duration.ZERO);
            bare.await("done");
            client.await("ready");
            client.await(server.hasGranted(plan.unwatched()));
            var before = Exchanges.of(client, server);
            var bareBefore = Exchanges.of(bare, bareServer);
            long start = System.nanoTime();
            bare.tell(plan.renewals() + " " + plan.distance());
            client.await(server.hasGranted(before.count() + plan.renewals()));
            var seen = Duration.ofNanos(System.nanoTime() - start);
            var cost = Exchanges.of(client, server).since(before);
            bare.await("done");
            return new Renewing(plan, seen, cost, Exchanges.of(bare, bareServer).since(bareBefore));
        }
    }

    String text() {
        return String.format(Locale.ROOT, HEAD, MAPPINGS)
                + row("the client, its threads and store", client)
                + row("such exchanges alone, as often", bare)
                + String.format(
                        Locale.ROOT,
                        FOOT,
                        seen.toSeconds(),
                        plan.mappings(),
                        plan.lifetime().toSeconds(),
                        RENEWALS_PER_HOUR,
                        MAPPINGS,
                        LIFETIME.toHours());
    }

    private String row(String what, Exchanges.Cost cost) {
        return String.format(
                Locale.ROOT,
                ROW,
                what,
                cost.exchanges(),
                cost.cpuNanos() / 1e9,
                1e3 * cost.secondsEach(),
                cost.secondsEach() * RENEWALS_PER_HOUR,
                cost.secondsEach() / bare.secondsEach());
    }
}
