package io.portreeve.bench;

import io.portreeve.demo.Discovery;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Cgn;
import io.portreeve.server.cgn.MockCgn;
import io.portreeve.server.cgn.PoolRange;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The parts of the command {@code bench}: each runs in a network namespace of its own and prints one line a measurement. */
public final class Bench {
    private static final String USAGE = """
            usage: Bench cgn quick|full
                   Bench chain quick|full OUR_CLIENTS THEIR_CLIENTS THEIR_DESCRIPTION
                   Bench report <MEASUREMENTS""";

    private Bench() {}

    public static void main(String... args) {
        try {
            run(args);
        } catch (Exception e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(String... args) throws Exception {
        switch (args.length == 0 ? "" : args[0] + args.length) {
            case "cgn2" -> cgn(plan(args[1]));
            case "chain5" -> chain(plan(args[1]), addresses(args[2]), addresses(args[3]), URI.create(args[4]));
            case "report1" -> report();
            default -> throw new IllegalArgumentException(USAGE);
        }
    }

    private static Plan plan(String name) {
        return switch (name) {
            case "quick" -> Plan.QUICK;
            case "full" -> Plan.FULL;
            default -> throw new IllegalArgumentException(USAGE);
        };
    }

    private static void cgn(Plan plan) throws Exception {
        try (var cgn = cgnUnderTest()) {
            new CgnRun(plan, cgn).run();
        }
    }

    private static Cgn cgnUnderTest() {
        var pool = new PoolRange(PcpAddress.parse("203.0.114.1"), IpProtocol.TCP, 1_024, 65_535);
        return new MockCgn(List.of(pool), 65_535);
    }

    private static List<InetAddress> addresses(String list) {
        return Arrays.stream(list.split(",")).map(InetAddress::ofLiteral).toList();
    }

    private static void chain(
            Plan plan, List<InetAddress> ourClients, List<InetAddress> theirClients, URI theirDescription)
            throws Exception {
        var ourDescription = Discovery.gatewayDescription()
                .orElseThrow(() -> new IOException("the gateway does not answer on this network"));
        new ChainRun(
                        plan,
                        new SoapMappings(IgdService.describedAt(ourDescription), ourClients),
                        new SoapMappings(IgdService.describedAt(theirDescription), theirClients))
                .run();
    }

    private static void report() throws IOException {
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.print(new Report(in.lines().map(Measurement::parse).toList()).text());
        }
    }
}
