package io.portreeve.server.bench;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.CannotStartException;
import io.portreeve.server.PcpServer;
import io.portreeve.server.ServerSettings;
import io.portreeve.server.net.UdpEcho;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A PCP server on the loopback interface under as much load as it takes, beside an echo that does nothing with a datagram.
 *
 * <p>Load, server and echo share one process and its processors, so that their rates can be compared.
 */
public final class Benchmark {
    private static final int FIRST_SUBSCRIBER = 0x7F01_0001; // 127.1.0.1

    private final Plan plan;
    private final Load echo;
    private final Load server;

    private Benchmark(Plan plan, Load echo, Load server) {
        this.plan = plan;
        this.echo = echo;
        this.server = server;
    }

    /**
     * Measures, with a mock CGN.
     *
     * @param directory on the disk that is to be measured; the server's state is made in it, and removed at the end
     * @throws WrongAnswerException if there is anything but the right answer
     */
    public static Report run(Plan plan, Path directory)
            throws SettingsException, CannotStartException, IOException, WrongAnswerException {
        var stateDir = Files.createTempDirectory(directory, "pcp-server-sim-bench");
        try {
            return measure(plan, stateDir);
        } finally {
            remove(stateDir);
        }
    }

    static void remove(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static Report measure(Plan plan, Path stateDir)
            throws SettingsException, CannotStartException, IOException, WrongAnswerException {
        var taken = new ExternalPorts();
        var subscribers = IntStream.range(0, plan.outstanding())
                .mapToObj(i -> new Subscriber(PcpAddress.ofIpv4(FIRST_SUBSCRIBER + i), taken))
                .toList();
        try (var measured = PcpServer.start(settings(stateDir));
                var limit = new UdpEcho();
                var echo = new Load(limit.address(), subscribers);
                var server = new Load(measured.address(), subscribers)) {
            return new Benchmark(plan, echo, server).run();
        }
    }

    private static ServerSettings settings(Path stateDir) throws SettingsException {
        return ServerSettings.of(new Settings(
                "benchmark",
                List.of(
                        "listen = 127.0.0.1",
                        "port = 0",
                        "pool = 203.0.114.1-203.0.114.64",
                        "quota = 65535",
                        "state-dir = " + stateDir)));
    }

    private Report run() throws IOException, WrongAnswerException {
        round();
        var rounds = new ArrayList<Map<Kind, Figure>>();
        for (int i = 0; i < plan.rounds(); i++) {
            rounds.add(round());
        }
        var medians = new EnumMap<Kind, Figure>(Kind.class);
        for (var kind : Kind.values()) {
            medians.put(
                    kind,
                    Figure.median(rounds.stream().map(round -> round.get(kind)).toList()));
        }
        return new Report(plan, medians);
    }

    /** Each round begins and ends without a mapping. */
    private Map<Kind, Figure> round() throws IOException, WrongAnswerException {
        var figures = new EnumMap<Kind, Figure>(Kind.class);
        for (var kind : Kind.values()) {
            var load = kind == Kind.ECHO ? echo : server;
            figures.put(kind, load.run(kind.questions(), plan.time()));
        }
        server.run(Subscriber::delete);
        return figures;
    }
}
