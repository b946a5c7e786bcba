package io.portreeve.bench.client;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * How often a client wakes up that has nothing to do, beside a JVM that never has.
 *
 * @param clientThreads how many threads the client's process has
 */
record Idling(ClientPlan plan, int clientThreads, Usage.Spent client, int bareThreads, Usage.Spent bare) {
    private static final int MAPPINGS = 100;
    private static final Duration LIFETIME = Duration.ofHours(2);
    private static final String HEAD = """
            %,d mappings of %d h, none due            threads  wake-ups/min  CPU ms/min
            """;
    private static final String ROW = "%-40s %7d %13.0f %11.1f%n";
    private static final String FOOT = """
            Seen at the same time, for %d s: whenever one of the threads had waited and went on.
            """;

    static Idling measure(ClientPlan plan, Path directory) throws IOException, InterruptedException {
        try (var server = new GrantingServer();
                var bare = MeasuredProcess.start(IdleJvm.class);
                var client = MeasuredProcess.start(
                        KeepingClient.class,
                        server.port(),
                        directory.resolve("idling.db"),
                        MAPPINGS,
                        LIFETIME,
                        Duration.ZERO)) {
            bare.await("ready");
            client.await("ready");
            new Pace(plan.settling()).await(); // no JVM says when it is done with what follows a start
            var bareBefore = bare.usage();
            var clientBefore = client.usage();
            new Pace(plan.idle()).await(); // a period is measured, in which nothing is to happen
            var bareAfter = bare.usage();
            var clientAfter = client.usage();
            return new Idling(
                    plan,
                    clientAfter.threads().size(),
                    clientAfter.since(clientBefore),
                    bareAfter.threads().size(),
                    bareAfter.since(bareBefore));
        }
    }

    String text() {
        return String.format(Locale.ROOT, HEAD, MAPPINGS, LIFETIME.toHours())
                + row("the client", clientThreads, client)
                + row("a JVM that does nothing", bareThreads, bare)
                + String.format(Locale.ROOT, FOOT, plan.idle().toSeconds());
    }

    private String row(String what, int threads, Usage.Spent spent) {
        double minutes = plan.idle().toMillis() / 60_000.0;
        return String.format(
                Locale.ROOT, ROW, what, threads, spent.wakeUps() / minutes, spent.cpuNanos() / 1e6 / minutes);
    }
}
