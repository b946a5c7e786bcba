package io.portreeve.bench.gateway;

import io.portreeve.bench.Measurement;
import io.portreeve.bench.Progress;
import io.portreeve.bench.client.MeasuredProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the gateway's side towards the home can do, beside miniupnpd, and beside HTTP alone. It runs at a host of both homes, and
 * prints its table.
 */
public final class GatewayBenchmark {
    private static final String USAGE = """
            usage: GatewayBenchmark quick|full DIRECTORY GATEWAY CLIENTS ATTACKERS GATEWAY CLIENTS ATTACKERS
            The addresses are those of portreeve's home, then of miniupnpd's. DIRECTORY holds the commands portreeve and
            miniupnpd, which leave their process ids in portreeve.pid and miniupnpd.pid, and at-portreeve, which runs a command
            beside it.""";
    private static final int EMPTY_PORT = 49_300;
    private static final Goal START = new Goal.AtMost(300, 500);
    private static final Goal PSS = new Goal.AtMost(64, 80);
    private static final double MEBIBYTE = 1 << 20;

    private final GatewayPlan plan;
    private final Site ours;
    private final Site theirs;
    private final Path atOurs;
    private final GatewayTable table = new GatewayTable();

    private GatewayBenchmark(GatewayPlan plan, Site ours, Site theirs, Path atOurs) {
        this.plan = plan;
        this.ours = ours;
        this.theirs = theirs;
        this.atOurs = atOurs;
    }

    public static void main(String... args) {
        try {
            System.out.print(of(args).run());
        } catch (Exception e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(1);
        }
    }

    /** @throws IllegalArgumentException saying how it is used */
    static GatewayBenchmark of(String... args) {
        if (args.length != 8) {
            throw new IllegalArgumentException(USAGE);
        }
        var directory = Path.of(args[1]);
        return new GatewayBenchmark(
                plan(args[0]),
                site("portreeve", directory, args[2], args[3], args[4]),
                site("miniupnpd", directory, args[5], args[6], args[7]),
                directory.resolve("at-portreeve"));
    }

    private static GatewayPlan plan(String name) {
        return switch (name) {
            case "quick" -> GatewayPlan.QUICK;
            case "full" -> GatewayPlan.FULL;
            default -> throw new IllegalArgumentException(USAGE);
        };
    }

    private static Site site(String name, Path directory, String gateway, String clients, String attackers) {
        var program =
                new Program(directory.resolve(name), directory.resolve(name + ".pid"), InetAddress.ofLiteral(gateway));
        return new Site(name, program, addresses(clients), addresses(attackers));
    }

    private static List<InetAddress> addresses(String list) {
        return Arrays.stream(list.split(",")).map(InetAddress::ofLiteral).toList();
    }

    private String run() throws Exception {
        addStarts();
        try (var our = Contender.started(ours);
                var their = Contender.started(theirs)) {
            addMemory(our, their);
            addRates(our, their);
            new Opening(plan, our, their).addTo(table);
        }
        return table.text();
    }

    private void addStarts() throws IOException {
        Progress.say("starts");
        var ourTimes = new ArrayList<Double>();
        var theirTimes = new ArrayList<Double>();
        for (int i = 0; i < plan.starts(); i++) {
            ourTimes.add(startMillis(ours));
            theirTimes.add(startMillis(theirs));
        }
        table.add(
                "start to answer of a search, ms",
                Measurement.median(ourTimes, Double::doubleValue),
                Measurement.median(theirTimes, Double::doubleValue),
                START);
    }

    private static double startMillis(Site site) throws IOException {
        var started = site.program().start();
        started.stop();
        return started.took().toNanos() / 1e6;
    }

    private void addMemory(Contender our, Contender their) throws IOException {
        table.add(
                "PSS MiB, 100 mappings, after 1,000 actions",
                our.program().pss() / MEBIBYTE,
                their.program().pss() / MEBIBYTE,
                PSS);
    }

    private void addRates(Contender our, Contender their) throws IOException {
        var java = new ArrayList<>(List.of(atOurs.toString()));
        java.addAll(our.program().java());
        var host = ours.program().address().getHostAddress();
        try (var empty = MeasuredProcess.start(java, EmptyHandler.class, host, EMPTY_PORT)) {
            empty.await("ready");
            new Rates(plan, our, their, URI.create("http://" + host + ":" + EMPTY_PORT)).addTo(table);
        }
    }
}
