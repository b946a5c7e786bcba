package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.testing.Await;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LabIT {
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-f.:]+(?=/[0-9]+)");

    /** Who reaches whom; nothing is to be set up for it. */
    private record Way(String why, String from, String to) {}

    private static final List<Way> WAYS = List.of(
            new Way("home to provider", "lan", "100.64.0.1"),
            new Way("the second host, too", "lan2", "100.64.0.1"),
            new Way("the cgn would answer the host of this address at the other home", "home2", "100.64.0.1"),
            new Way("one home", "lan", "192.168.1.11"),
            new Way("one home, back", "lan2", "192.168.1.10"),
            new Way("home to another subscriber", "lan", "100.64.0.3"),
            new Way("the Internet to the provider", "inet", "198.51.100.1"),
            new Way("a gateway's own traffic", "cpe", "100.64.0.1"),
            new Way("IPv6, home to Internet", "lan", "2001:db8:ffff::10"),
            new Way("IPv6, the second host", "lan2", "2001:db8:ffff::10"),
            new Way("IPv6, Internet to home", "inet", "2001:db8:1:1::10"),
            new Way("IPv6, Internet to the second host", "inet", "2001:db8:1:1::11"),
            new Way("IPv6, Internet to the other home", "inet", "2001:db8:1:2::10"),
            new Way("IPv6, home to home", "home2", "2001:db8:1:1::10"));

    @Test
    void canBeMadeTwiceAndRemovedTwice() throws Exception {
        try (var lab = new Lab()) {
            assertThat(lab.lab("up").errors()).isEmpty();
            var up = lab.lab("status");
            assertThat(up.exitCode()).isZero();
            assertThat(up.output()).contains("eth0 192.168.1.10/24", "lan0 192.168.1.1/24, wan0 100.64.0.2/24");

            assertThat(lab.lab("down").errors()).isEmpty();
            var down = lab.lab("status");
            assertThat(down.exitCode()).isEqualTo(1);
            assertThat(down.output()).doesNotContain("192.168.1");
        }
    }

    @Test
    void drawsWhatItMakes() throws Exception {
        try (var lab = new Lab()) {
            var addresses = ADDRESS.matcher(lab.lab("status").output())
                    .results()
                    .map(address -> address.group())
                    .toList();
            assertThat(addresses).hasSize(20);
            assertThat(lab.lab("--help").output().split("\\s+")).containsAll(addresses);
        }
    }

    @Test
    void makesUpForWhatIsMissing() throws Exception {
        try (var lab = new Lab()) {
            restores(lab, "cpe", "ip", "route", "delete", "default");
            restores(lab, "lan2", "ip", "-6", "route", "delete", "default");
            restores(lab, "cpe2", "nft", "flush", "ruleset");
        }
    }

    private static void restores(Lab lab, String namespace, String... damage) throws Exception {
        lab.inside(namespace, damage).succeed();
        assertThat(lab.lab("status").exitCode()).as(namespace).isEqualTo(1);

        assertThat(lab.lab("up").exitCode()).as(namespace).isZero();
        assertThat(lab.lab("status").exitCode()).as(namespace).isZero();
    }

    @Test
    void connectsHomesProviderAndInternet() throws Exception {
        try (var lab = new Lab()) {
            for (var way : WAYS) {
                assertThat(connect(lab, way.from, way.to, 9)).as(way.why).contains("Connection refused");
            }
        }
    }

    @Test
    void theGatewayTranslatesWhatLeavesTheHome() throws Exception {
        try (var lab = new Lab()) {
            lab.inside("cgn", "ip", "route", "delete", "192.168.1.0/24").succeed();
            assertThat(connect(lab, "lan", "100.64.0.1", 9)).contains("Connection refused");
        }
    }

    @Test
    void theGatewayDropsWhatNobodyAskedFor() throws Exception {
        try (var lab = new Lab()) {
            assertThat(firmware(lab)).contains("counter packets 0 ");
            lab.inside("cgn", "bash", "-c", "echo hello >/dev/udp/192.168.1.10/9")
                    .succeed();

            Await.until("the drop is counted", () -> firmware(lab).contains("counter packets 1 "));
        }
    }

    /** What a port mapping at both NATs will do. The gateway itself answers nobody, so the refusal is the host's. */
    @Test
    void aMappedPortLeadsFromTheInternetHome() throws Exception {
        try (var lab = new Lab()) {
            var unmapped =
                    lab.inside("cgn", "ip", "route", "get", "203.0.114.1").run();
            assertThat(unmapped.errors()).contains("No route to host");

            lab.inside("cgn", "nft", """
                    table ip mapping {
                        chain prerouting {
                            type nat hook prerouting priority dstnat
                            ip daddr 203.0.114.1 tcp dport 8080 dnat to 100.64.0.2:8080
                        }
                    }
                    """).succeed();
            lab.inside("cpe", "nft", """
                    table ip mapping {
                        chain prerouting {
                            type nat hook prerouting priority dstnat
                            ip daddr 100.64.0.2 tcp dport 8080 dnat to 192.168.1.10:80
                        }
                        chain input {
                            type filter hook input priority filter
                            iifname "wan0" drop
                        }
                    }
                    """).succeed();
            assertThat(connect(lab, "inet", "203.0.114.1", 8080)).contains("Connection refused");
        }
    }

    @Test
    void namesWhatItDoesNotKnow() throws Exception {
        try (var lab = new Lab()) {
            var result = lab.lab("exec", "wan", "true");
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.errors())
                    .isEqualTo("lab: no namespace 'wan': there are lan lan2 cpe home2 cpe2 cgn inet\n");
        }
    }

    /** {@return what bash says about a connection; nobody listens: a refusal has come from the other end} */
    private static String connect(Lab lab, String from, String address, int port) throws Exception {
        return lab.inside(from, "bash", "-c", "exec 3<>/dev/tcp/" + address + "/" + port)
                .run()
                .errors();
    }

    private static String firmware(Lab lab) throws Exception {
        return lab.inside("cpe", "nft", "list", "table", "ip", "firmware").succeed();
    }
}
