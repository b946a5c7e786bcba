package io.portreeve.igd.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.igd.iwf.NatChange;
import io.portreeve.igd.iwf.NatRule;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.runtime.BootClock;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** With the kernel of this machine, in a network of the test's own. */
@ExtendWith(OwnNetwork.class)
class NftablesNatTest {
    private static final PcpAddress WAN = PcpAddress.parse("100.64.0.2");
    private static final PcpAddress HOST = PcpAddress.parse("192.168.1.10");

    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (var part : open.reversed()) {
            part.close();
        }
        assertThat(failures).isEmpty();
    }

    private NftablesNat nat(NatRule... rules) throws NetfilterException {
        return nat(2_500, rules);
    }

    private NftablesNat nat(int mostEntries, NatRule... rules) throws NetfilterException {
        var nat = NftablesNat.open("lan0", "wan0", WAN, mostEntries, new BootClock(), failures::add);
        open.add(nat);
        nat.start(List.of(rules));
        return nat;
    }

    private static NatRule rule(int natPort, int internalPort) {
        return new NatRule(IpProtocol.UDP, OptionalInt.of(natPort), HOST, internalPort);
    }

    private static void done(CompletableFuture<Void> change) throws Exception {
        change.get(60, TimeUnit.SECONDS);
    }

    private static void install(LocalNat nat, NatRule rule) throws Exception {
        done(nat.apply(new NatChange.Install(rule)));
    }

    private static void remove(LocalNat nat, NatRule rule) throws Exception {
        done(nat.apply(new NatChange.Remove(rule)));
    }

    /** {@return what the kernel has in a map, as nft writes it} */
    private static List<String> entries(String map) throws Exception {
        var listing = Neighbour.output("nft", "list", "map", "ip", "portreeve_nat", map)
                .replaceAll(" counter packets \\d+ bytes \\d+", "");
        int begin = listing.indexOf("elements = {");
        return begin < 0
                ? List.of()
                : List.of(listing.substring(begin + 12, listing.indexOf('}', begin))
                        .strip()
                        .split(",\\s+"));
    }

    private static List<String> inbound() throws Exception {
        return entries("inbound");
    }

    private static List<String> outbound() throws Exception {
        return entries("outbound");
    }

    @Test
    void putsARuleIntoTheKernelAndTakesItOut() throws Exception {
        var nat = nat();
        install(nat, rule(41_969, 8080));
        install(nat, rule(41_969, 8080));
        assertThat(inbound()).containsExactly("udp . 41969 : 192.168.1.10 . 8080");
        assertThat(outbound()).containsExactly("udp . 192.168.1.10 . 8080 : 41969");
        remove(nat, rule(41_969, 8080));
        remove(nat, rule(41_969, 8080));
        assertThat(inbound()).isEmpty();
        assertThat(outbound()).isEmpty();
    }

    @Test
    void whatOneServiceSendsLeavesByItsOldestPort() throws Exception {
        var nat = nat();
        for (int port : List.of(2003, 2001, 2002)) {
            install(nat, rule(port, 8080));
        }
        assertThat(inbound()).hasSize(3);
        assertThat(outbound()).containsExactly("udp . 192.168.1.10 . 8080 : 2003");
        remove(nat, rule(2001, 8080));
        assertThat(outbound()).containsExactly("udp . 192.168.1.10 . 8080 : 2003");
        remove(nat, rule(2003, 8080));
        assertThat(outbound()).containsExactly("udp . 192.168.1.10 . 8080 : 2002");
        assertThat(inbound()).containsExactly("udp . 2002 : 192.168.1.10 . 8080");
        remove(nat, rule(2002, 8080));
        assertThat(outbound()).isEmpty();
    }

    @Test
    @Proves("igd:I-IWFR-07")
    void makesTheKernelLikeTheStoreAtAStart() throws Exception {
        var first = nat();
        for (int port : List.of(2001, 2002, 2003)) {
            install(first, rule(port, port));
        }
        first.close();
        open.clear();
        assertThat(inbound()).as("connections outlive a restart").hasSize(3);
        nat(rule(2002, 2002), rule(2003, 4000), rule(2004, 2004));
        assertThat(inbound())
                .containsExactlyInAnyOrder(
                        "udp . 2002 : 192.168.1.10 . 2002",
                        "udp . 2003 : 192.168.1.10 . 4000",
                        "udp . 2004 : 192.168.1.10 . 2004");
        assertThat(outbound()).hasSize(3).contains("udp . 192.168.1.10 . 4000 : 2003");
    }

    @Test
    void isTheSameInWhateverOrderManyChangesEnd() throws Exception {
        var nat = nat();
        var changes = new ArrayList<CompletableFuture<Void>>();
        for (int port = 2000; port < 3000; port++) {
            changes.add(nat.apply(new NatChange.Install(rule(port, 80))));
        }
        for (int port = 2000; port < 2999; port++) {
            changes.add(nat.apply(new NatChange.Remove(rule(port, 80))));
        }
        done(CompletableFuture.allOf(changes.toArray(CompletableFuture[]::new)));
        assertThat(inbound()).containsExactly("udp . 2999 : 192.168.1.10 . 80");
        assertThat(outbound()).containsExactly("udp . 192.168.1.10 . 80 : 2999");
    }

    @Test
    void aChangeThatFailsChangesNothing() throws Exception {
        int most = 20;
        var rules =
                IntStream.range(0, most).mapToObj(i -> rule(2000 + i, 2000 + i)).toArray(NatRule[]::new);
        var nat = nat(most, rules);
        var oneTooMany = new NatChange.Install(rule(30_000, 2000));
        assertThatThrownBy(() -> done(nat.apply(oneTooMany))).hasCauseInstanceOf(NetfilterException.class);
        assertThat(inbound()).hasSize(most);
        remove(nat, rules[0]);
        assertThat(outbound())
                .as("no port that was refused takes its place")
                .noneMatch(it -> it.contains("192.168.1.10 . 2000 :"));
        install(nat, rule(30_000, 2000));
        assertThat(outbound()).contains("udp . 192.168.1.10 . 2000 : 30000");
    }

    @Test
    void saysInOneLineThatItCannotStart() {
        assertThatThrownBy(() -> NftablesNat.open("lan0", "wan\"0", WAN, new BootClock(), failures::add))
                .isInstanceOf(NetfilterException.class)
                .hasMessageContaining("portreeve_nat")
                .hasMessageNotContaining("\n");
    }

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
    void hostsReachEachOtherByTheWanAddress() throws Exception {
        var lan = lan();
        wan();
        nat(rule(41_969, 8080));
        lan.echoesAt(8080);
        assertThat(lan.ask(5000, "100.64.0.2", 41_969))
                .as("by the gateway, or the answer would not come back that way")
                .isEqualTo("asked by 192.168.1.1:5000");
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
