package io.portreeve.server.bench;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.CannotStartException;
import io.portreeve.server.PcpServer;
import io.portreeve.server.ServerSettings;
import io.portreeve.server.bench.TableReport.Part;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A PCP server, with a mock CGN, whose table grows until the pool is all but empty: how fast each part of it is made, how much
 * memory all of it takes, and how long the server then needs to start again.
 */
public final class TableBenchmark {
    private static final int FIRST_SUBSCRIBER = 0x7F02_0000; // 127.2.0.0
    private static final int TOGETHER = 64;
    private static final int PARTS = 10;

    /** So many groups of subscribers lie between two whose mappings are looked at after the restart. */
    private static final int SAMPLE = 20;

    private final TablePlan plan;
    private final ServerSettings settings;
    private final Consumer<String> progress;
    private final ExternalPorts taken = new ExternalPorts();
    private final List<Subscriber> sample = new ArrayList<>();

    private TableBenchmark(TablePlan plan, ServerSettings settings, Consumer<String> progress) {
        this.plan = plan;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @param directory on the disk that is to be used; the server's state is made in it, and removed at the end
     * @param progress is told a line now and then
     * @throws WrongAnswerException if there is anything but the right answer, after the restart too
     */
    public static TableReport run(TablePlan plan, Path directory, Consumer<String> progress)
            throws SettingsException, CannotStartException, IOException, WrongAnswerException {
        var stateDir = Files.createTempDirectory(directory, "pcp-server-sim-bench");
        try {
            return new TableBenchmark(plan, settings(plan, stateDir), progress).run();
        } finally {
            Benchmark.remove(stateDir);
        }
    }

    private static ServerSettings settings(TablePlan plan, Path stateDir) throws SettingsException {
        var lines = new ArrayList<>(List.of("listen = 127.0.0.1", "port = 0", "state-dir = " + stateDir));
        lines.addAll(plan.pool());
        return ServerSettings.of(new Settings("benchmark", lines));
    }

    private TableReport run() throws CannotStartException, IOException, WrongAnswerException {
        var parts = new ArrayList<Part>();
        long heap;
        try (var server = PcpServer.start(settings)) {
            for (int part = 0; part < PARTS; part++) {
                parts.add(fill(server, share(part), share(part + 1)));
            }
            heap = usedHeap();
        }
        progress.accept("the server starts again");
        long begin = System.nanoTime();
        try (var server = PcpServer.start(settings)) {
            ask(server, sample, Subscriber::renew);
            double restart = (System.nanoTime() - begin) / 1e9;
            return new TableReport(plan, parts, heap, Runtime.getRuntime().maxMemory(), server.restored(), restart);
        }
    }

    /** {@return the first subscriber of this part} */
    private int share(int part) {
        return (int) ((long) plan.subscribers() * part / PARTS);
    }

    private Part fill(PcpServer server, int from, int to) throws IOException, WrongAnswerException {
        long begin = System.nanoTime();
        var figures = new ArrayList<Figure>();
        for (int first = from; first < to; first += TOGETHER) {
            var group = IntStream.range(first, Math.min(to, first + TOGETHER))
                    .mapToObj(i -> new Subscriber(PcpAddress.ofIpv4(FIRST_SUBSCRIBER + i), taken))
                    .toList();
            figures.add(ask(server, group, Subscriber::create));
            if (figures.size() % SAMPLE == 1) {
                sample.add(group.getLast());
            }
        }
        progress.accept("%,d of %,d mappings".formatted(to * TablePlan.EACH, plan.mappings()));
        return new Part((to - from) * TablePlan.EACH / ((System.nanoTime() - begin) / 1e9), Figure.median(figures));
    }

    /** Each of them asks as many questions as it may have mappings. */
    private static Figure ask(
            PcpServer server, List<Subscriber> subscribers, Function<Subscriber, Optional<Question>> questions)
            throws IOException, WrongAnswerException {
        try (var load = new Load(server.address(), subscribers)) {
            var asked = new HashMap<Subscriber, Integer>();
            return load.run(subscriber -> asked.merge(subscriber, 1, Integer::sum) > TablePlan.EACH
                    ? Optional.empty()
                    : questions.apply(subscriber));
        }
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
