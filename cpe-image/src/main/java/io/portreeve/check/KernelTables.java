package io.portreeve.check;

import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The maps of a namespace's nftables, read by nft itself. */
final class KernelTables {
    private static final Pattern NAT_IN = Pattern.compile("(tcp|udp) \\. (\\d+) counter : ([\\d.]+) \\. (\\d+)");
    private static final Pattern NAT_OUT = Pattern.compile("(tcp|udp) \\. ([\\d.]+) \\. (\\d+) counter : (\\d+)");
    private static final Pattern CGN =
            Pattern.compile("(tcp|udp) \\. ([\\d.]+) \\. (\\d+) counter : ([\\d.]+) \\. (\\d+)");

    private final String lab;
    private final String namespace;

    /** @param lab the script */
    KernelTables(String lab, String namespace) {
        this.lab = lab;
        this.namespace = namespace;
    }

    /** {@return what the gateway forwards: {@code TCP 41969 -> 192.168.1.10:8080}} */
    Set<String> natInbound() throws IOException {
        return lines("portreeve_nat", "inbound", NAT_IN, it -> it.group(2) + " -> " + it.group(3) + ":" + it.group(4));
    }

    /** {@return the services that leave with a port of the gateway's, each with that: {@code TCP 41969 -> 192.168.1.10:8080}} */
    Set<String> natOutbound() throws IOException {
        return lines(
                "portreeve_nat", "outbound", NAT_OUT, it -> it.group(4) + " -> " + it.group(2) + ":" + it.group(3));
    }

    /** {@return what the CGN forwards: {@code TCP 203.0.114.1:8080 -> 100.64.0.2:8080}} */
    Set<String> cgnInbound() throws IOException {
        return lines("portreeve_cgn", "inbound", CGN, it -> pair(it, 2, 4));
    }

    /** {@return what leaves the CGN with a port of its own, written as {@link #cgnInbound}} */
    Set<String> cgnOutbound() throws IOException {
        return lines("portreeve_cgn", "outbound", CGN, it -> pair(it, 4, 2));
    }

    private static String pair(MatchResult entry, int from, int to) {
        return entry.group(from) + ":" + entry.group(from + 1) + " -> " + entry.group(to) + ":" + entry.group(to + 1);
    }

    private Set<String> lines(String table, String map, Pattern entry, Function<MatchResult, String> text)
            throws IOException {
        var lines = new HashSet<String>();
        entry.matcher(listing(table, map))
                .results()
                .forEach(it -> lines.add(it.group(1).toUpperCase(Locale.ROOT) + " " + text.apply(it)));
        return lines;
    }

    private String listing(String table, String map) throws IOException {
        var process = new ProcessBuilder(lab, "exec", namespace, "nft", "--stateless", "list", "map", "ip", table, map)
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new IOException("nft in " + namespace + ": " + output.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return output;
    }
}
