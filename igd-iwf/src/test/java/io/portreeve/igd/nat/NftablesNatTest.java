package io.portreeve.igd.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.igd.iwf.NatChange;
import io.portreeve.igd.iwf.NatRule;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.requirements.Proves;
import io.portreeve.runtime.BootClock;
import io.portreeve.testing.OwnNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the kernel of this machine has in its maps, in a network of the test's own. */
@ExtendWith(OwnNetwork.class)
class NftablesNatTest extends KernelNat {

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
}
