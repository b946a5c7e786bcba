package io.portreeve.check;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The maps of a namespace's nftables, read by nft itself. What is no entry of ours is shown as nft writes it. */
final class KernelTables {
    private static final Pattern NAT_IN = Pattern.compile("(tcp|udp) \\. (\\d+) counter : ([\\d.]+) \\. (\\d+)");
    private static final Pattern NAT_OUT = Pattern.compile("(tcp|udp) \\. ([\\d.]+) \\. (\\d+) counter : (\\d+)");
    private static final Pattern CGN =
            Pattern.compile("(tcp|udp) \\. ([\\d.]+) \\. (\\d+) counter : ([\\d.]+) \\. (\\d+)");
    private static final Pattern SUBSCRIBER = Pattern.compile("([\\d.]+) counter : ([\\d.]+)");
    private static final Pattern ELEMENTS = Pattern.compile("elements = \\{([^}]*)}");

    private final String lab;
    private final String namespace;

    /** @param lab the script */
    KernelTables(String lab, String namespace) {
        this.lab = lab;
        this.namespace = namespace;
    }

    /** {@return what the gateway forwards: {@code TCP 41969 -> 192.168.1.10:8080}} */
    Set<String> natInbound() throws IOException {
        return lines(
                "portreeve_nat",
                "inbound",
                NAT_IN,
                it -> protocol(it) + " " + it.group(2) + " -> " + it.group(3) + ":" + it.group(4));
    }

    /** {@return the services that leave with a port of the gateway's, each with that: {@code TCP 41969 -> 192.168.1.10:8080}} */
    Set<String> natOutbound() throws IOException {
        return lines(
                "portreeve_nat",
                "outbound",
                NAT_OUT,
                it -> protocol(it) + " " + it.group(4) + " -> " + it.group(2) + ":" + it.group(3));
    }

    /** {@return what the CGN forwards: {@code TCP 203.0.114.1:8080 -> 100.64.0.2:8080}} */
    Set<String> cgnInbound() throws IOException {
        return lines("portreeve_cgn", "inbound", CGN, it -> pair(it, 2, 4));
    }

    /** {@return what leaves the CGN with a port of its own, written as {@link #cgnInbound}} */
    Set<String> cgnOutbound() throws IOException {
        return lines("portreeve_cgn", "outbound", CGN, it -> pair(it, 4, 2));
    }

    /** {@return whose traffic leaves with which address: {@code 100.64.0.2 -> 203.0.114.1}} */
    Set<String> cgnSubscribers() throws IOException {
        return lines("portreeve_cgn", "subscribers", SUBSCRIBER, it -> it.group(1) + " -> " + it.group(2));
    }

    private static String pair(MatchResult entry, int from, int to) {
        return protocol(entry) + " " + entry.group(from) + ":" + entry.group(from + 1) + " -> " + entry.group(to) + ":"
                + entry.group(to + 1);
    }

    private static String protocol(MatchResult entry) {
        return entry.group(1).toUpperCase(Locale.ROOT);
    }

    private Set<String> lines(String table, String map, Pattern entry, Function<MatchResult, String> text)
            throws IOException {
        var elements = ELEMENTS.matcher(listing(table, map));
        if (!elements.find()) {
            return Set.of();
        }
        return Arrays.stream(elements.group(1).split(","))
                .map(String::strip)
                .map(element -> {
                    var match = entry.matcher(element);
                    return match.matches() ? text.apply(match) : element;
                })
                .collect(Collectors.toSet());
    }

    /** {@return what nft prints} A table that is not there is like an empty one. */
    private String listing(String table, String map) throws IOException {
        var process = new ProcessBuilder(lab, "exec", namespace, "nft", "--stateless", "list", "map", "ip", table, map)
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes());
        if (process.onExit().join().exitValue() == 0 || output.startsWith("Error: No such file or directory")) {
            return output;
        }
        throw new IOException(
                "nft in " + namespace + ": " + output.lines().findFirst().orElse("no reason given"));
    }
}
