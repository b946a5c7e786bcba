package io.portreeve.igd.nat;

import io.portreeve.igd.iwf.NatChange;
import io.portreeve.igd.iwf.NatRule;
import io.portreeve.netfilter.Element;
import io.portreeve.netfilter.Field;
import io.portreeve.netfilter.Field.Kind;
import io.portreeve.netfilter.NatMap;
import io.portreeve.netfilter.NatTable;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.netfilter.OuterEndpoint;
import io.portreeve.netfilter.TableChange;
import io.portreeve.netfilter.TableFamily;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The kernel's NAT, in a table of our own. What arrives at a NAT port of the WAN address goes to its host, and what the host
 * sends from there leaves by the same port, whoever began. All other address translation, and the firewall, are the machine's.
 */
public final class NftablesNat implements LocalNat {
    private static final String NAME = "portreeve_nat";

    /** More than any home has; the kernel sets memory aside for it. */
    private static final int MOST_ENTRIES = 16_384;

    /** One step before the place where a machine's own masquerading stands. A host may reach another by the WAN address too. */
    private static final String CHAINS = """
            chain prerouting {
                type nat hook prerouting priority dstnat;
                ip daddr %1$s dnat ip to meta l4proto . th dport map @inbound
            }
            chain postrouting {
                type nat hook postrouting priority srcnat - 1;
                oifname "%2$s" meta l4proto { tcp, udp } masquerade to : meta l4proto . ip saddr . th sport map @outbound
                iifname "%3$s" oifname "%3$s" ct status dnat ct original ip daddr %1$s masquerade
            }
            """;

    private final NatTable table;
    private final Function<PcpAddress, String> chains;
    private final NatEntries entries = new NatEntries();
    private PcpAddress wan;
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    private NftablesNat(NatTable table, Function<PcpAddress, String> chains, PcpAddress wan) {
        this.table = table;
        this.chains = chains;
        this.wan = wan;
    }

    /**
     * {@return the NAT, in force with the entries that an earlier run left}
     *
     * @param wan the address of {@code wanInterface}; 0.0.0.0, to which no packet goes, while it has none
     * @param onFailure called once if its own thread fails
     */
    public static NftablesNat open(
            String lanInterface, String wanInterface, PcpAddress wan, MonoClock clock, Consumer<Throwable> onFailure)
            throws NetfilterException {
        return open(lanInterface, wanInterface, wan, MOST_ENTRIES, clock, onFailure);
    }

    static NftablesNat open(
            String lanInterface,
            String wanInterface,
            PcpAddress wan,
            int mostEntries,
            MonoClock clock,
            Consumer<Throwable> onFailure)
            throws NetfilterException {
        Function<PcpAddress, String> chains = address -> CHAINS.formatted(address, wanInterface, lanInterface);
        var table = NatTable.open(TableFamily.IP, NAME, maps(mostEntries), chains.apply(wan), clock, onFailure);
        return new NftablesNat(table, chains, wan);
    }

    private static List<NatMap> maps(int mostEntries) {
        return List.of(
                new NatMap(
                        NatEntries.INBOUND,
                        List.of(Kind.PROTOCOL, Kind.PORT),
                        List.of(Kind.ADDRESS, Kind.PORT),
                        mostEntries),
                new NatMap(
                        NatEntries.OUTBOUND,
                        List.of(Kind.PROTOCOL, Kind.ADDRESS, Kind.PORT),
                        List.of(Kind.PORT),
                        mostEntries));
    }

    /** Takes the rules of an earlier run out of the kernel, if there are any: this gateway translates no longer. */
    public static void remove() throws NetfilterException {
        NatTable.remove(NAME);
    }

    @Override
    public void start(Collection<NatRule> rules) throws NetfilterException {
        rules.forEach(rule -> entries.done(entries.step(new NatChange.Install(rule))));
        var wanted = entries.all();
        var found = table.elements();
        var added = new HashSet<>(wanted);
        added.removeAll(found);
        var removed = new HashSet<>(found);
        removed.removeAll(wanted);
        var ended = removed.stream()
                .map(element -> outer(element, wan))
                .flatMap(Optional::stream)
                .toList();
        await(table.apply(new TableChange(List.of(), List.copyOf(removed), ended)));
        await(table.restore(List.copyOf(added)));
    }

    /** {@return the outer side of an entry that leads in from {@code address}} */
    private static Optional<OuterEndpoint> outer(Element element, PcpAddress address) {
        return element.map().equals(NatEntries.INBOUND)
                        && element.key().fields().getFirst() instanceof Field.Protocol(var protocol)
                        && element.key().fields().getLast() instanceof Field.Port(int port)
                ? Optional.of(new OuterEndpoint(protocol, address, port))
                : Optional.empty();
    }

    private static void await(CompletableFuture<Void> change) throws NetfilterException {
        try {
            change.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetfilterException("interrupted while the port mappings were put into the kernel");
        } catch (ExecutionException e) {
            throw new NetfilterException(e.getCause().getMessage());
        }
    }

    /** One after the other: what a change takes depends on what became of the one before. */
    @Override
    public synchronized CompletableFuture<Void> apply(NatChange change) {
        last = last.exceptionally(_ -> null).thenCompose(_ -> make(change));
        return last;
    }

    private CompletableFuture<Void> make(NatChange change) {
        var step = entries.step(change);
        if (step.isNothing()) {
            return CompletableFuture.completedFuture(null);
        }
        List<OuterEndpoint> ended = switch (change) {
            case NatChange.Install _ -> List.of();
            case NatChange.Remove(var rule) -> List.of(new OuterEndpoint(rule.protocol(), wan, NatEntries.port(rule)));
        };
        return table.apply(new TableChange(step.added(), step.removed(), ended)).thenRun(() -> entries.done(step));
    }

    @Override
    public synchronized CompletableFuture<Void> wanIs(PcpAddress address) {
        last = last.exceptionally(_ -> null).thenCompose(_ -> move(address));
        return last;
    }

    private CompletableFuture<Void> move(PcpAddress address) {
        if (address.equals(wan)) {
            return CompletableFuture.completedFuture(null);
        }
        // to the new one too: who came before the rules was led nowhere, and would be for as long as it goes on sending
        var ended = Stream.of(wan, address)
                .flatMap(outer -> entries.all().stream().flatMap(element -> outer(element, outer).stream()))
                .toList();
        return table.replaceChains(chains.apply(address))
                .thenRun(() -> wan = address)
                .thenCompose(_ -> table.apply(new TableChange(List.of(), List.of(), ended)));
    }

    @Override
    public void close() {
        table.close();
    }
}
