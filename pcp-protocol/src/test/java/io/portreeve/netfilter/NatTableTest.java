package io.portreeve.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.netlink.NetlinkSocket;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.runtime.BootClock;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OwnNetwork.class)
class NatTableTest {
    private static final NatMap INBOUND = new NatMap(
            "inbound",
            List.of(Field.Kind.PROTOCOL, Field.Kind.ADDRESS, Field.Kind.PORT),
            List.of(Field.Kind.ADDRESS, Field.Kind.PORT),
            20_000);
    private static final NatMap PORTS =
            new NatMap("ports", List.of(Field.Kind.ADDRESS), List.of(Field.Kind.PORT), 20_000);
    private static final NatMap PORT_SET = NatMap.set("port_set", List.of(Field.Kind.ADDRESS, Field.Kind.PORT), 20_000);
    private static final String CHAINS = """
            chain prerouting {
                type nat hook prerouting priority dstnat;
                dnat ip to meta l4proto . ip daddr . th dport map @inbound
            }
            """;
    private static final PcpAddress OUTSIDE = PcpAddress.parse("203.0.114.1");
    private static final PcpAddress INSIDE = PcpAddress.parse("100.64.0.2");

    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<NatTable> open = new ArrayList<>();

    @AfterEach
    void closeAll() {
        open.forEach(NatTable::close);
        assertThat(failures).isEmpty();
    }

    private NatTable table() throws NetfilterException {
        var table = NatTable.open(
                TableFamily.IP, "test", List.of(INBOUND, PORTS, PORT_SET), CHAINS, new BootClock(), failures::add);
        open.add(table);
        return table;
    }

    private static Element inbound(int port, int innerPort) {
        return new Element("inbound", Tuple.of(IpProtocol.TCP, OUTSIDE, port), Tuple.of(INSIDE, innerPort));
    }

    private static Element port(int last) {
        return new Element("ports", Tuple.of(PcpAddress.parse("100.64.0." + last)), Tuple.of(last));
    }

    private static Element member(int port) {
        return Element.of("port_set", Tuple.of(OUTSIDE).and(Tuple.of(port)));
    }

    private static TableChange add(Element... added) {
        return new TableChange(List.of(added), List.of(), List.of());
    }

    private static void done(CompletableFuture<Void> change) throws Exception {
        change.get(60, TimeUnit.SECONDS);
    }

    /** One that is never answered does not count as failed. */
    private static void assertFails(CompletableFuture<Void> change) {
        assertThat(change)
                .failsWithin(Duration.ofMinutes(1))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(NetfilterException.class);
    }

    /** {@return what nft says, without what it counted} */
    private static String nft(String... arguments) {
        try {
            var words = new ArrayList<>(List.of("nft"));
            words.addAll(List.of(arguments));
            var process = new ProcessBuilder(words).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes());
            return process.waitFor() == 0 ? output.replaceAll(" counter packets \\d+ bytes \\d+", "") : "";
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void nftReadsWhatWasWritten() throws Exception {
        var table = table();
        done(table.apply(add(inbound(41_969, 8080), port(7))));
        assertThat(nft("list", "map", "ip", "test", "inbound"))
                .contains("elements = { tcp . 203.0.114.1 . 41969 : 100.64.0.2 . 8080 }");
        assertThat(nft("list", "map", "ip", "test", "ports")).contains("elements = { 100.64.0.7 : 7 }");
        assertThat(nft("list", "chain", "ip", "test", "prerouting")).contains("map @inbound");
    }

    @Test
    void whatIsRemovedIsGoneAndWhatIsThereTwiceIsReplaced() throws Exception {
        var table = table();
        done(table.apply(add(inbound(1, 10), inbound(2, 20))));
        done(table.apply(new TableChange(List.of(inbound(2, 21)), List.of(inbound(1, 10), inbound(3, 30)), List.of())));
        assertThat(table.elements()).containsExactly(inbound(2, 21));
        assertThat(nft("list", "map", "ip", "test", "inbound"))
                .contains("elements = { tcp . 203.0.114.1 . 2 : 100.64.0.2 . 21 }");
    }

    @Test
    void aSetHasEntriesWithoutValues() throws Exception {
        var table = table();
        done(table.apply(add(member(1), member(2))));
        done(table.apply(new TableChange(List.of(member(3)), List.of(member(1)), List.of())));
        open.removeFirst().close();
        assertThat(table().elements()).as("read again").containsExactlyInAnyOrder(member(2), member(3));
        nft("flush", "ruleset");
        Await.until(
                "the set is back",
                () -> nft("list", "set", "ip", "test", "port_set").contains("203.0.114.1 . 2"));
        assertThat(nft("list", "set", "ip", "test", "port_set")).contains("203.0.114.1 . 3");
    }

    /** The largest entries there are, so many that several transactions are full. */
    @Test
    void aTableOfBothFamiliesHasEntriesOfBoth() throws Exception {
        var endpoint = List.of(Field.Kind.PROTOCOL, Field.Kind.ADDRESS6, Field.Kind.PORT);
        var both = NatMap.set(
                "between_hosts_of_ipv6",
                Stream.concat(endpoint.stream(), Stream.of(Field.Kind.ADDRESS6, Field.Kind.PORT))
                        .toList(),
                1 << 16);
        var maps = List.of(both, PORT_SET);
        var table = NatTable.open(TableFamily.INET, "test", maps, "", new BootClock(), failures::add);
        open.add(table);
        var host = PcpAddress.parse("2001:db8:5::2");
        var changes = IntStream.rangeClosed(1, 5000)
                .mapToObj(port -> table.apply(add(
                        member(port),
                        Element.of(
                                both.name(),
                                Tuple.of(IpProtocol.TCP, host, port).and(Tuple.of(host, 9))))))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(changes).get(60, TimeUnit.SECONDS);
        assertThat(nft("list", "set", "inet", "test", both.name()).split("tcp \\. 2001:db8:5::2 \\. "))
                .hasSize(5001);
        nft("flush", "ruleset");
        Await.until(
                "both sets are back",
                () -> nft("list", "table", "inet", "test").contains("tcp . 2001:db8:5::2 . 5000 . 2001:db8:5::2 . 9")
                        && nft("list", "table", "inet", "test").contains("203.0.114.1 . 5000"));
        table.close();
        open.remove(table);
        var next = NatTable.open(TableFamily.INET, "test", maps, "", new BootClock(), failures::add);
        open.add(next);
        assertThat(next.elements()).as("read again").hasSize(10_000);
    }

    @Test
    void anEarlierRunsEntriesStay() throws Exception {
        done(table().apply(add(inbound(1, 10), port(7))));
        open.removeFirst().close();
        assertThat(table().elements()).containsExactlyInAnyOrder(inbound(1, 10), port(7));
        assertThat(nft("list", "table", "ip", "test")).contains("203.0.114.1 . 1 : 100.64.0.2 . 10");
    }

    @Test
    void manyChangesInParallelAreAllInForce() throws Exception {
        var table = table();
        var changes = IntStream.rangeClosed(1, 5000)
                .mapToObj(port -> table.apply(add(inbound(port, port))))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(changes).get(60, TimeUnit.SECONDS);
        assertThat(nft("list", "map", "ip", "test", "inbound").split("100\\.64\\.0\\.2"))
                .hasSize(5001);
    }

    @Test
    void oneLargeChangeIsInForceToo() throws Exception {
        var entries = IntStream.rangeClosed(1, 5000)
                .mapToObj(port -> inbound(port, port))
                .toArray(Element[]::new);
        done(table().apply(add(entries)));
        assertThat(nft("list", "map", "ip", "test", "inbound").split("100\\.64\\.0\\.2"))
                .hasSize(5001);
    }

    @Test
    void aFlushedRulesetIsBuiltAnew() throws Exception {
        var table = table();
        done(table.apply(add(inbound(1, 10))));
        nft("flush", "ruleset");
        Await.until(
                "the entry is there again",
                () -> nft("list", "table", "ip", "test").contains("203.0.114.1 . 1 : 100.64.0.2 . 10"));
        assertThat(nft("list", "table", "ip", "test")).contains("dnat ip to");
    }

    /** Packets meet all of them or none. */
    @Test
    @Proves("rel:F-13")
    void tenThousandEntriesAreBuiltAnewInOneTransaction() throws Exception {
        var entries = IntStream.rangeClosed(1, 10_000)
                .mapToObj(port -> inbound(port, port))
                .toArray(Element[]::new);
        done(table().apply(add(entries)));
        try (var socket = NetlinkSocket.open(NetlinkSocket.NETFILTER)) {
            var kernel = new MapEntries(socket, new Ruleset(TableFamily.IP, "test", List.of(INBOUND), CHAINS));
            int before = kernel.generation();
            nft("flush", "ruleset");
            Await.until(
                    "all are back",
                    () -> kernel.dump(INBOUND)
                            .filter(all -> all.size() == 10_000)
                            .isPresent());
            assertThat(kernel.generation())
                    .as("the flush, and the answer to it")
                    .isEqualTo(before + 2);
        }
    }

    @Test
    void aChangeThatMeetsAFlushedTableIsInForceWithAllTheOthers() throws Exception {
        var table = table();
        done(table.apply(add(inbound(1, 10))));
        nft("flush", "ruleset");
        done(table.apply(add(inbound(2, 20))));
        assertThat(nft("list", "table", "ip", "test"))
                .contains("203.0.114.1 . 1 : 100.64.0.2 . 10", "203.0.114.1 . 2 : 100.64.0.2 . 20");
    }

    @Test
    void whatOthersChangeIsPutRight() throws Exception {
        var table = table();
        done(table.apply(add(inbound(1, 10))));
        for (var change : List.of(
                "delete element ip test inbound { tcp . 203.0.114.1 . 1 }",
                "add element ip test inbound { tcp . 203.0.114.1 . 9 : 100.64.0.9 . 9 }",
                "flush chain ip test prerouting",
                "flush map ip test inbound")) {
            nft(change);
            Await.until("put right: " + change, () -> {
                var listing = nft("list", "table", "ip", "test");
                return listing.contains("203.0.114.1 . 1 : 100.64.0.2 . 10")
                        && listing.contains("dnat ip to")
                        && !listing.contains("100.64.0.9");
            });
        }
        assertThat(table.elements()).isEqualTo(Set.of(inbound(1, 10)));
    }

    @Test
    void aTableThatNobodyKeepsCanBeRemoved() throws Exception {
        done(table().apply(add(inbound(1, 10))));
        open.removeFirst().close();
        NatTable.remove("test");
        assertThat(nft("list", "tables")).isEmpty();
        NatTable.remove("test");
    }

    @Test
    void otherRulesTakeTheirPlaceAndTheEntriesStay() throws Exception {
        var table = table();
        done(table.apply(add(inbound(1, 10))));
        done(table.replaceChains("chain prerouting { type nat hook prerouting priority dstnat; udp dport 1 drop\n}"));
        assertThat(nft("list", "table", "ip", "test"))
                .contains("udp dport 1 drop", "100.64.0.2 . 10")
                .doesNotContain("dnat");
    }

    @Test
    void chainsThatNftDoesNotTakeChangeNothing() throws Exception {
        var table = table();
        assertThatThrownBy(() -> done(table.replaceChains("chain nonsense { nonsense }")))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NetfilterException.class)
                .hasMessageContaining("syntax error");
        done(table.apply(add(inbound(1, 10))));
        assertThat(nft("list", "table", "ip", "test")).contains("prerouting", "100.64.0.2 . 10");
    }

    @Test
    void oneChangeThatCannotBeDoesNotHurtTheOthers() throws Exception {
        var table = table();
        var good = table.apply(add(inbound(1, 10)));
        var bad = table.apply(add(new Element("nowhere", Tuple.of(OUTSIDE), Tuple.of(1))));
        var alsoGood = table.apply(add(inbound(2, 20)));
        done(good);
        done(alsoGood);
        assertFails(bad);
        assertThat(table.elements()).containsExactlyInAnyOrder(inbound(1, 10), inbound(2, 20));
    }

    @Test
    void whatWaitsWhenTheTableIsClosedFailsAndWhatComesLaterToo() throws Exception {
        var table = table();
        var changes = IntStream.rangeClosed(1, 5000)
                .mapToObj(port -> table.apply(add(inbound(port, port))))
                .toList();
        open.removeFirst().close();
        assertThat(changes).allMatch(CompletableFuture::isDone);
        assertThat(table.apply(add(inbound(1, 10)))).isCompletedExceptionally();
        assertThat(table.replaceChains("")).isCompletedExceptionally();
    }

    @Test
    void whoeverClosesIsInterruptedAndTheTableIsClosedAllTheSame() throws Exception {
        var table = table();
        var changes = IntStream.rangeClosed(1, 5000)
                .mapToObj(port -> table.apply(add(inbound(port, port))))
                .toList();
        Thread.currentThread().interrupt();
        open.removeFirst().close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(changes).allMatch(CompletableFuture::isDone);
    }

    /** Nothing but a mistake of ours can bring it about, such as a name that no message has room for. */
    @Test
    void whoeverWaitsHearsThatTheTableIsKeptNoLonger() throws Exception {
        var table = table();
        var fatal = table.apply(add(new Element("x".repeat(200_000), Tuple.of(OUTSIDE), Tuple.of(1))));
        assertFails(fatal);
        assertFails(table.apply(add(inbound(1, 10))));
        Await.until("the failure is told", () -> !failures.isEmpty());
        assertThat(failures).hasSize(1);
        failures.clear();
    }

    @Test
    void aChangeThatFailsLeavesWhatItWouldHaveReplaced() throws Exception {
        var table = table();
        done(table.apply(add(inbound(1, 10))));
        var bad = table.apply(add(inbound(1, 11), new Element("nowhere", Tuple.of(OUTSIDE), Tuple.of(1))));
        assertFails(bad);
        assertThat(table.elements()).containsExactly(inbound(1, 10));
    }

    @Test
    void aTableWithOtherMapsMakesRoom() throws Exception {
        nft("add table ip test; add map ip test inbound { type ipv4_addr : inet_service; }");
        done(table().apply(add(inbound(1, 10))));
        assertThat(nft("list", "table", "ip", "test")).contains("203.0.114.1 . 1 : 100.64.0.2 . 10");
    }

    @Test
    void aTableIsBuiltAnewWithTheLastChainsThatNftTook() throws Exception {
        var table = table();
        assertFails(table.replaceChains("chain nonsense { nonsense }"));
        nft("flush", "ruleset");
        done(table.apply(add(inbound(1, 10))));
        assertThat(nft("list", "table", "ip", "test")).contains("dnat ip to", "100.64.0.2 . 10");
    }
}
