package io.portreeve.check;

import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares the tables of one gateway, of the PCP server, of their stores, and of the kernels of both.
 *
 * <p>What is under way changes one before the other, so it looks again for a while before it complains. Exit code 0: all agree; 1: they differ; 2: some of it could not be read, and a line for each says why.
 */
public final class Check {

    /** A PCP client asks again after 3 s and after 6 s more: a server that was away for a moment hears of a delete then. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final int READ_FAILED = 2;

    /** The provider's side: its files, and whether its CGN is the kernel. */
    private record Provider(Path store, Path controlSocket, boolean isKernel) {
        static Provider of(Settings settings) throws SettingsException {
            var state = Path.of(settings.required("state-dir"));
            return new Provider(
                    state.resolve("server.db"),
                    settings.path(
                            "control-socket", state.resolve("control.sock").toString()),
                    settings.text("cgn", "mock").equals("nftables"));
        }
    }

    private final KernelTables cpe;
    private final KernelTables cgn;
    private final String wan;
    private final Path state;
    private final Path entries;
    private final Path mappings;
    private final int httpPort;
    private final Optional<Provider> provider;

    private Check(String lab, String cpe, String wan, Path folder, String gatewayConf) throws SettingsException {
        this.cpe = new KernelTables(lab, cpe);
        this.cgn = new KernelTables(lab, "cgn");
        this.wan = wan;
        var gateway = Settings.read(folder.resolve(gatewayConf));
        state = gateway.path("state-dir", "/var/lib/portreeve");
        entries = state.resolve("port-mappings.db");
        mappings = state.resolve("pcp-mappings.db");
        httpPort = gateway.number("http-port", 49_200, 1, 65_535);
        var serverConf = folder.resolve("server.conf");
        provider = Files.notExists(serverConf) ? Optional.empty() : Optional.of(Provider.of(Settings.read(serverConf)));
    }

    /** Arguments: the lab's script, the gateway's namespace and WAN address, the folder of the configurations, the gateway's file. */
    public static void main(String[] args) throws InterruptedException {
        try {
            System.exit(new Check(args[0], args[1], args[2], Path.of(args[3]), args[4]).run());
        } catch (SettingsException e) {
            System.err.println("lab: " + e.getMessage());
            System.exit(READ_FAILED);
        }
    }

    private int run() throws InterruptedException {
        var findings = settled();
        findings.comparisons().forEach(it -> System.out.print(it.text()));
        findings.failures().forEach(it -> System.err.println("lab: " + it));
        if (!findings.failures().isEmpty()) {
            return READ_FAILED;
        }
        return findings.allEqual() ? 0 : 1;
    }

    private Findings settled() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        var findings = look();
        while (findings.mayChange() && System.nanoTime() < end) {
            // no event to wait for is common to two kernels, SQLite files and the control sockets of other processes
            Thread.sleep(BETWEEN_LOOKS);
            findings = look();
        }
        return findings;
    }

    private Findings look() {
        var findings = new Findings();
        findings.compare(
                "port mappings",
                new Place("the gateway", () -> Told.byGateway(control())),
                new Place("its store", () -> Stores.portMappings(entries)));
        compareNat(findings);
        provider.ifPresent(it -> compareProvider(it, findings));
        return findings;
    }

    /** A gateway that only routes has nothing in the store and nothing in the kernel. */
    private void compareNat(Findings findings) {
        findings.compare(
                "NAT entries",
                new Place("the gateway's store", () -> Stores.natRules(entries)),
                new Place("its kernel", cpe::natInbound));
        findings.compare(
                "services",
                new Place("the gateway's kernel inwards", () -> services(cpe.natInbound())),
                new Place("outwards", () -> services(cpe.natOutbound())));
        findings.compare(
                "ways out",
                new Place("the gateway's kernel outwards", cpe::natOutbound),
                new Place("those that lead back in", () -> common(cpe.natOutbound(), cpe.natInbound())));
    }

    /** {@return the hosts' ends of NAT entries} A service may have many ports that lead in, but leaves by one of them. */
    private static Set<String> services(Set<String> natEntries) {
        return natEntries.stream()
                .map(line -> line.replaceAll(" \\d+ -> ", " "))
                .collect(Collectors.toSet());
    }

    private static Set<String> common(Set<String> some, Set<String> others) {
        var common = new HashSet<>(some);
        common.retainAll(others);
        return common;
    }

    private void compareProvider(Provider provider, Findings findings) {
        var stored = new Place("the PCP server's store", () -> Stores.serverMappings(provider.store));
        findings.compare(
                "ports",
                new Place("the gateway's store", () -> Stores.wantedOfProvider(entries, wan)),
                new Place("its PCP client's store", () -> Stores.clientPorts(mappings, wan)));
        findings.compare(
                "mappings of " + wan,
                new Place("the PCP client's store", () -> Stores.clientMappings(mappings, wan)),
                new Place("the PCP server's store", () -> Stores.serverMappings(provider.store, wan)));
        findings.compare(
                "mappings of all", new Place("the PCP server", () -> Told.byServer(provider.controlSocket)), stored);
        if (provider.isKernel) {
            findings.compare("mappings of all", stored, new Place("the CGN's kernel inwards", cgn::cgnInbound));
            findings.compare("mappings of all", stored, new Place("the CGN's kernel outwards", cgn::cgnOutbound));
            findings.compare(
                    "subscribers",
                    new Place("the PCP server's store", () -> Stores.subscribers(provider.store)),
                    new Place("the CGN's kernel", cgn::cgnSubscribers));
        }
    }

    /** The gateway's address on every LAN of the lab is the same. */
    private URI control() throws IOException {
        return URI.create("http://192.168.1.1:" + httpPort + "/" + token() + "/igd1/WANIPConn1/action");
    }

    private String token() throws IOException {
        var identity = state.resolve("identity");
        List<String> lines;
        try {
            lines = Files.readAllLines(identity);
        } catch (NoSuchFileException e) {
            throw new IOException(identity + ": there is no such file", e);
        }
        if (lines.size() < 2) {
            throw new IOException(identity + ": is not what a gateway writes");
        }
        return lines.get(1);
    }
}
