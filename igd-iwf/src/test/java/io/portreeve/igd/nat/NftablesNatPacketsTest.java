package io.portreeve.igd.nat;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of packets in the kernel of this machine. */
@ExtendWith(OwnNetwork.class)
class NftablesNatPacketsTest extends KernelNat {

    private Neighbour neighbour(String name, String near, String far) throws Exception {
        var neighbour = new Neighbour(name, near, far);
        open.addFirst(neighbour);
        return neighbour;
    }

    private Neighbour lan() throws Exception {
        var lan = neighbour("lan0", "192.168.1.1/24", "192.168.1.10/24");
        lan.run("ip route add default via 192.168.1.1");
        Neighbour.output("sysctl", "-qw", "net.ipv4.ip_forward=1");
        return lan;
    }

    private Neighbour wan() throws Exception {
        return neighbour("wan0", "100.64.0.2/24", "100.64.0.1/24");
    }

    @Test
    void leadsPacketsInAndTheirAnswersOut() throws Exception {
        var lan = lan();
        var wan = wan();
        var nat = nat(rule(41_969, 8080));
        lan.echoesAt(8080);
        assertThat(wan.ask(5000, "100.64.0.2", 41_969))
                .as("the host sees the stranger, and the stranger the WAN address")
                .isEqualTo("asked by 100.64.0.1:5000");
        remove(nat, rule(41_969, 8080));
        assertThat(wan.ask(5000, "100.64.0.2", 41_969))
                .as("the connection there was is cut")
                .isEqualTo("Connection refused");
    }

    @Test
    void whatAHostSendsFirstLeavesByItsPortToo() throws Exception {
        var lan = lan();
        var wan = wan();
        nat(rule(41_969, 8080));
        wan.echoesAt(7000);
        assertThat(lan.ask(8080, "100.64.0.1", 7000)).isEqualTo("asked by 100.64.0.2:41969");
    }

    @Test
    void whatGoesToTheSamePortOfAnotherAddressIsLeftAlone() throws Exception {
        var lan = lan();
        var wan = wan();
        wan.run("ip route add 192.168.1.0/24 via 100.64.0.2");
        nat(rule(41_969, 8080));
        wan.echoesAt(41_969);
        assertThat(lan.ask(5000, "100.64.0.1", 41_969)).isEqualTo("asked by 192.168.1.10:5000");
    }

    @Test
    void hostsReachEachOtherByTheWanAddress() throws Exception {
        var lan = lan();
        wan();
        nat(rule(41_969, 8080));
        lan.echoesAt(8080);
        assertThat(lan.ask(5000, "100.64.0.2", 41_969))
                .as("by the gateway, or the answer would not come back that way")
                .isEqualTo("asked by 192.168.1.1:5000");
    }

    /** The old address stays an address of the machine here, so it is the rules that lead nowhere from it. */
    @Test
    void leadsFromTheNewWanAddressWhenThatChanges() throws Exception {
        var lan = lan();
        var wan = wan();
        Neighbour.output("ip", "address", "add", "100.64.0.22/24", "dev", "wan0");
        var nat = nat(rule(41_969, 8080));
        lan.echoesAt(8080);
        assertThat(wan.ask(5000, "100.64.0.2", 41_969)).isEqualTo("asked by 100.64.0.1:5000");

        done(nat.wanIs(PcpAddress.parse("100.64.0.22")));

        assertThat(wan.ask(5000, "100.64.0.22", 41_969)).isEqualTo("asked by 100.64.0.1:5000");
        assertThat(lan.ask(5000, "100.64.0.22", 41_969))
                .as("so do the hosts of the LAN")
                .isEqualTo("asked by 192.168.1.1:5000");
        assertThat(wan.ask(5000, "100.64.0.2", 41_969))
                .as("the connection there was is cut")
                .isEqualTo("Connection refused");
        remove(nat, rule(41_969, 8080));
        assertThat(wan.ask(5000, "100.64.0.22", 41_969)).isEqualTo("Connection refused");
    }

    @Test
    void leadsNowhereUntilThereIsAWanAddress() throws Exception {
        var lan = lan();
        var wan = wan();
        var nat = nat(PcpAddress.ANY_IPV4, rule(41_969, 8080));
        lan.echoesAt(8080);
        assertThat(wan.ask(5000, "100.64.0.2", 41_969)).isEqualTo("Connection refused");
        done(nat.wanIs(WAN));
        assertThat(wan.ask(5000, "100.64.0.2", 41_969))
                .as("who came too early is led in as well")
                .isEqualTo("asked by 100.64.0.1:5000");
    }

    /** {@return a stranger with a connection from port 5000 that was led in by a rule, whose gateway is dead} */
    private Neighbour connectedBefore() throws Exception {
        var lan = lan();
        var wan = wan();
        nat(rule(41_969, 8080)).close();
        open.removeLast();
        lan.echoesAt(8080);
        assertThat(wan.ask(5000, "100.64.0.2", 41_969)).isEqualTo("asked by 100.64.0.1:5000");
        return wan;
    }

    @Test
    void theConnectionsOfARuleThatIsNotStoredAnyMoreAreCutAtTheStart() throws Exception {
        var wan = connectedBefore();
        nat();
        assertThat(wan.ask(5000, "100.64.0.2", 41_969)).isEqualTo("Connection refused");
    }

    private static int tracked() throws Exception {
        return Integer.parseInt(Files.readString(Path.of("/proc/sys/net/netfilter/nf_conntrack_count"))
                .strip());
    }

    @Test
    void onlyTheConnectionsOfRulesThatAreNotStoredAnyMoreAreCut() throws Exception {
        var lan = lan();
        var wan = wan();
        nat(rule(2001, 8080), rule(2002, 8081)).close();
        open.removeLast();
        lan.echoesAt(8080);
        lan.echoesAt(8081);
        for (int port : List.of(2001, 2002)) {
            assertThat(wan.ask(5000, "100.64.0.2", port)).isEqualTo("asked by 100.64.0.1:5000");
        }
        assertThat(tracked()).isEqualTo(2);
        nat(rule(2001, 8080));
        assertThat(tracked()).isEqualTo(1);
    }

    /** Somebody flushed the ruleset meanwhile: the counters are younger than the connection. */
    @Test
    void aConnectionThatOutlivedTheTableIsCutToo() throws Exception {
        var wan = connectedBefore();
        Neighbour.output("nft", "flush", "ruleset");
        var nat = nat(rule(41_969, 8080));
        remove(nat, rule(41_969, 8080));
        assertThat(wan.ask(5000, "100.64.0.2", 41_969)).isEqualTo("Connection refused");
    }

    /** {@return how many packets a counter of the firmware has seen} */
    private static int counted(String counter) throws Exception {
        return Integer.parseInt(Neighbour.output("nft", "list", "counter", "ip", "firmware", counter)
                .replaceAll("(?s).*packets (\\d+) .*", "$1"));
    }

    @Test
    void whatTheFirmwareItselfLeadsToAHostIsNotMasqueraded() throws Exception {
        var lan = lan();
        wan();
        nat(rule(41_969, 8080));
        Neighbour.output("nft", """
                table ip firmware {
                    counter seen {}
                    counter own {}
                    chain prerouting {
                        type nat hook prerouting priority dstnat + 10;
                        ip daddr 198.51.100.53 udp dport 53 dnat to 192.168.1.20:5353
                    }
                    chain sent {
                        type filter hook postrouting priority srcnat + 10;
                        udp dport 5353 ip saddr 192.168.1.10 counter name own
                        udp dport 5353 counter name seen
                    }
                }
                """);
        Neighbour.output("ip", "neighbour", "add", "192.168.1.20", "lladdr", "02:00:00:00:00:20", "dev", "lan0");
        lan.sends("198.51.100.53", 53);
        Await.until("the packet is sent on", () -> counted("seen") > 0);
        assertThat(counted("own")).isEqualTo(1);
    }
}
