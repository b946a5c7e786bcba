package io.portreeve.netfilter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The program nft, run for what is done seldom: it reads and writes rules as people do. */
final class Nft {
    /** Where it lies for those whose path has no programs of the administrator's. */
    private static final List<String> PROGRAMS = List.of("nft", "/usr/sbin/nft");

    private static final String NOT_PERMITTED = "Operation not permitted";

    private static final Pattern ENTRY_COUNT = Pattern.compile("(?m)\\s*# count \\d+$");

    private Nft() {}

    /** Does all that {@code script} says, or nothing. */
    static void run(String script) throws NetfilterException {
        run(script, "-f", "-");
    }

    /**
     * {@return the table without the entries of its maps and what its counters say} Empty if it is not there.
     *
     * @param table with its family: {@code ip portreeve}
     */
    static String listing(String table) {
        try {
            return withoutCounts(run("", "--stateless", "--terse", "list", "table " + table));
        } catch (NetfilterException e) {
            return "";
        }
    }

    /** Newer programs say behind the size of a map, as a comment, how many entries it has. */
    static String withoutCounts(String listing) {
        return ENTRY_COUNT.matcher(listing).replaceAll("");
    }

    private static String run(String input, String first, String... more) throws NetfilterException {
        try {
            var process = start(first, more);
            try (var script = process.getOutputStream()) {
                script.write(input.getBytes(StandardCharsets.UTF_8));
            }
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new NetfilterException("nft: " + reason(output));
            }
            return output;
        } catch (IOException e) {
            throw new NetfilterException("nft ended too early: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetfilterException("interrupted");
        }
    }

    private static Process start(String first, String... more) throws NetfilterException {
        for (var program : PROGRAMS) {
            var words = new ArrayList<>(List.of(program, first));
            words.addAll(List.of(more));
            try {
                return new ProcessBuilder(words).redirectErrorStream(true).start();
            } catch (IOException e) {
                // the next place
            }
        }
        throw new NetfilterException("the program nft is missing: apt-get install nftables");
    }

    private static String reason(String output) {
        if (output.contains(NOT_PERMITTED)) {
            return NOT_PERMITTED + ": it needs the right CAP_NET_ADMIN, which root has";
        }
        return output.lines().findFirst().orElse("it says nothing");
    }
}
