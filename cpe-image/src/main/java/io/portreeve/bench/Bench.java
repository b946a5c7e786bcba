package io.portreeve.bench;

import io.portreeve.bench.client.ClientBenchmark;
import io.portreeve.bench.client.ClientPlan;
import io.portreeve.demo.Discovery;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.BootClock;
import io.portreeve.server.cgn.CgnLimits;
import io.portreeve.server.cgn.NftablesCgn;
import io.portreeve.server.cgn.NftablesRules;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.PortSpan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * The parts of the command {@code bench}. Those for the CGN and the chain run in a network namespace each, and print one line a
 * measurement; the client's prints its table.
 */
public final class Bench {
    private static final String USAGE = """
            usage: Bench cgn quick|full
                   Bench chain quick|full OUR_CLIENTS THEIR_CLIENTS THEIR_DESCRIPTION
                   Bench report <MEASUREMENTS
                   Bench client quick|full DIRECTORY""";

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
            case "client3" -> client(args[1], Path.of(args[2]));
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
            CgnMappings.done(cgn.unlockDynamic());
            new CgnRun(plan, cgn).run();
        }
    }

    /** In the namespace cgn of the lab, so that its interfaces are those. */
    private static NftablesCgn cgnUnderTest() throws NetfilterException {
        var pool = new PoolRange(PcpAddress.parse("203.0.114.1"), IpProtocol.TCP, 1_024, 32_767);
        var rules = new NftablesRules(List.of(pool), "access0", "inet0", new PortSpan(32_768, 65_535));
        return NftablesCgn.open(rules, CgnLimits.of(65_535), new BootClock(), new SecureRandom(), Bench::broken);
    }

    private static void broken(Throwable failure) {
        System.err.println("bench: the CGN works no longer: " + failure);
        Runtime.getRuntime().halt(1);
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

    private static void client(String plan, Path directory) throws Exception {
        var chosen = plan(plan) == Plan.QUICK ? ClientPlan.QUICK : ClientPlan.FULL;
        System.out.print(ClientBenchmark.run(chosen, directory));
    }

    private static void report() throws IOException {
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.print(new Report(in.lines().map(Measurement::parse).toList()).text());
        }
    }
}
