package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Debian's miniupnpd as NAT-PMP and PCP server of the second subscriber's home. */
final class Miniupnpd implements AutoCloseable {
    static final String ADDRESS = "192.168.1.1";

    private final Lab lab;
    private final Path work;
    private Running process;

    Miniupnpd(Lab lab, Path work, String... more) throws Exception {
        this.lab = lab;
        this.work = work;
        var configuration = """
                ext_ifname=wan0
                ext_ip=203.0.114.2
                listening_ip=lan0
                enable_natpmp=yes
                enable_upnp=no
                secure_mode=yes
                max_lifetime=86400
                uuid=5f0e2a52-6d5c-4f0e-9f4b-1c8d0f3b7a10
                %s
                allow 1024-65535 192.168.1.0/24 1024-65535
                deny 0-65535 0.0.0.0/0 0-65535
                """.formatted(String.join("\n", more));
        Files.writeString(work.resolve("miniupnpd.conf"), configuration);
        Files.writeString(work.resolve("miniupnpd.nft"), CHAINS);
        start();
    }

    /** Those that Debian's nft_init.sh makes for it. */
    private static final String CHAINS = """
            table inet filter {
                chain forward { type filter hook forward priority 0; policy drop; jump miniupnpd; }
                chain miniupnpd { }
                chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
                chain postrouting { type nat hook postrouting priority 100; jump postrouting_miniupnpd; }
                chain prerouting_miniupnpd { }
                chain postrouting_miniupnpd { }
            }
            """;

    private void start() throws Exception {
        var program = Path.of(System.getProperty("portreeve.home")).resolveSibling("bench/usr/sbin/miniupnpd");
        assertThat(program)
                .as("miniupnpd is fetched by ./test and by cpe-image/bench")
                .isExecutable();
        lab.inside("cpe2", "nft", "-f", work + "/miniupnpd.nft").succeed();
        process = Running.start(lab.inside(
                "cpe2", program.toString(), "-d", "-f", work + "/miniupnpd.conf", "-P", work + "/miniupnpd.pid"));
        process.await("Listening for NAT-PMP/PCP traffic on port 5351");
    }

    /** What it knows is gone, as after a power cut. */
    void loseStateAndRestart() throws Exception {
        process.kill();
        lab.inside("cpe2", "nft", "delete", "table", "inet", "filter").succeed();
        Files.deleteIfExists(work.resolve("miniupnpd.pid"));
        start();
    }

    /** {@return the rules that lead to hosts at home, as nft prints them} */
    String rules() throws Exception {
        return lab.inside("cpe2", "nft", "list", "chain", "inet", "filter", "prerouting_miniupnpd")
                .run()
                .output();
    }

    /** {@return where each {@code ADDRESS:PORT} at home can be reached from outside} */
    Map<String, Integer> externalPorts() throws Exception {
        return Pattern.compile("dport (\\d+) dnat ip to (\\S+)")
                .matcher(rules())
                .results()
                .collect(Collectors.toMap(rule -> rule.group(2), rule -> Integer.valueOf(rule.group(1))));
    }

    @Override
    public void close() {
        process.close();
    }
}
