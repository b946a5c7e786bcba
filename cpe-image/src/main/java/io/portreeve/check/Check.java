package io.portreeve.check;

import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Compares the tables of one gateway, of the PCP server, of their stores, and of the kernels of both. What is under way changes
 * one before the other, so it looks again for a while before it complains.
 */
public final class Check {
    private static final long PATIENCE_SECONDS = 15;

    private final KernelTables cpe;
    private final KernelTables cgn;
    private final String wan;
    private final Settings gateway;
    private final Path serverConf;

    private Check(String lab, String cpe, String wan, Path folder, String gatewayConf) throws SettingsException {
        this.cpe = new KernelTables(lab, cpe);
        this.cgn = new KernelTables(lab, "cgn");
        this.wan = wan;
        gateway = Settings.read(folder.resolve(gatewayConf));
        serverConf = folder.resolve("server.conf");
    }

    /** Arguments: the lab's script, the gateway's namespace and WAN address, the folder of the configurations, the gateway's file. */
    public static void main(String[] args) {
        try {
            System.exit(new Check(args[0], args[1], args[2], Path.of(args[3]), args[4]).run() ? 0 : 1);
        } catch (SettingsException | IOException e) {
            System.err.println("lab: " + e.getMessage());
            System.exit(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean run() throws SettingsException, IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        var comparisons = comparisons();
        while (!comparisons.stream().allMatch(Comparison::isEqual) && System.nanoTime() < end) {
            comparisons = comparisons();
        }
        comparisons.forEach(it -> System.out.print(it.text()));
        return comparisons.stream().allMatch(Comparison::isEqual);
    }

    private List<Comparison> comparisons() throws SettingsException, IOException, InterruptedException {
        var gatewayState = gateway.path("state-dir", "/var/lib/portreeve");
        var entries = gatewayState.resolve("port-mappings.db");
        var told = Told.byGateway(control(gatewayState));
        var all = new ArrayList<Comparison>();
        all.add(new Comparison("port mappings", "the gateway", told, "its store", Stores.portMappings(entries)));
        if (!gateway.text("nat", "nftables").equals("none")) {
            all.addAll(natComparisons(entries));
        }
        if (Files.exists(serverConf)) {
            all.addAll(providerComparisons(entries, gatewayState.resolve("pcp-mappings.db")));
        }
        return all;
    }

    private List<Comparison> natComparisons(Path entries) throws IOException {
        var stored = Stores.natRules(entries);
        var inbound = cpe.natInbound();
        var outbound = cpe.natOutbound();
        var leading = outbound.stream().filter(inbound::contains).toList();
        return List.of(
                new Comparison("NAT entries", "the gateway's store", stored, "its kernel", inbound),
                new Comparison(
                        "services that leave by their port",
                        "the gateway's kernel",
                        hosts(outbound),
                        "its forwarding",
                        leading.size() == outbound.size() ? hosts(inbound) : Set.copyOf(leading)));
    }

    private static Set<String> hosts(Set<String> lines) {
        return lines.stream().map(line -> line.replaceAll(" \\d+ -> ", " ")).collect(Collectors.toSet());
    }

    private List<Comparison> providerComparisons(Path entries, Path mappings) throws SettingsException, IOException {
        var server = Settings.read(serverConf);
        var serverState = server.path("state-dir", "");
        var store = serverState.resolve("server.db");
        var control = server.path(
                "control-socket", serverState.resolve("control.sock").toString());
        var stored = Stores.serverMappings(store, "");
        var all = new ArrayList<Comparison>();
        all.add(new Comparison(
                "ports",
                "the gateway's store",
                Stores.wantedOfProvider(entries, wan),
                "its PCP client's store",
                Stores.clientPorts(mappings, wan)));
        all.add(new Comparison(
                "mappings of " + wan,
                "the PCP client's store",
                Stores.clientMappings(mappings, wan),
                "the PCP server's store",
                Stores.serverMappings(store, wan)));
        all.add(new Comparison("mappings of all", "the PCP server", Told.byServer(control), "its store", stored));
        if (server.text("cgn", "mock").equals("nftables")) {
            all.add(new Comparison(
                    "mappings of all", "the PCP server's store", stored, "the CGN's kernel", cgn.cgnInbound()));
            all.add(new Comparison(
                    "mappings of all", "the CGN's kernel inwards", cgn.cgnInbound(), "outwards", cgn.cgnOutbound()));
        }
        return all;
    }

    /** The gateway's address on every LAN of the lab is the same. */
    private URI control(Path gatewayState) throws SettingsException, IOException {
        var token = Files.readAllLines(gatewayState.resolve("identity")).get(1);
        int port = gateway.number("http-port", 49_200, 1, 65_535);
        return URI.create("http://192.168.1.1:" + port + "/" + token + "/igd1/WANIPConn1/action");
    }
}
