package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.Routine.answer;
import static io.portreeve.server.cgn.Routine.booked;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.portreeve.netfilter.NatTable;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.netfilter.TableFamily;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A firewall that carries packets and translates nothing: the kernel of this machine, by nftables, for IPv4 and IPv6.
 *
 * <p>As with {@link NftablesCgn} the rules stay in force when the server goes. What traffic opens by itself is the kernel's own: it
 * can neither be asked for, nor does the kernel say of it.
 */
public final class NftablesFirewall implements HostedCgn {
    private static final String TABLE = "portreeve_firewall";

    private final FirewallRules rules;
    private final KernelClaims kernel;
    private final SubscriberTable subscribers = new SubscriberTable(PoolRange.ofFirewall());
    private final CgnTable table;
    private final KernelMappings mappings;
    private Consumer<SubscriberHandle> deletedSubscriber = _ -> {};

    private NftablesFirewall(FirewallRules rules, int maxMappings, NatTable kernel) {
        this.rules = rules;
        this.kernel = new KernelClaims(kernel, rules, this);
        table = new CgnTable(subscribers, maxMappings, Function.identity());
        mappings = new KernelMappings(table, this.kernel, rules);
    }

    /**
     * {@return the firewall of this network namespace, locked}
     *
     * @param maxMappings {@value NftablesRules#MOST_MAPPINGS} at most
     * @param onFailure called once if it can work no longer
     */
    public static NftablesFirewall open(
            FirewallRules rules, int maxMappings, MonoClock clock, Consumer<Throwable> onFailure)
            throws NetfilterException {
        var kernel = NatTable.open(TableFamily.INET, TABLE, FirewallRules.maps(), rules.locked(), clock, onFailure);
        return new NftablesFirewall(rules, maxMappings, kernel);
    }

    @Override
    public synchronized void onDeletedSubscriber(Consumer<SubscriberHandle> callback) {
        deletedSubscriber = callback;
    }

    @Override
    public CompletionStage<List<PoolRange>> listPcpPool() {
        return completedFuture(subscribers.pool());
    }

    @Override
    public synchronized CompletionStage<Subscriber> getSubscriber(SubscriberId id) {
        return booked(() -> subscribers.get(id, id.address().anyOfFamily()));
    }

    @Override
    public synchronized CompletionStage<Subscriber> createSubscriber(SubscriberId id, PcpAddress external) {
        return booked(() -> subscribers.getOrCreate(id, external));
    }

    @Override
    public synchronized CompletionStage<PcpMapHandle> createPcpMapping(CgnMapping wanted) {
        return answer(() -> mappings.create(wanted));
    }

    @Override
    public synchronized CompletionStage<Void> deletePcpMapping(PcpMapHandle mapping) {
        return mappings.delete(mapping);
    }

    @Override
    public synchronized CompletionStage<FilterHandle> createFilter(PcpMapHandle mapping, CgnFilter filter) {
        return answer(() -> mappings.createFilter(mapping, filter));
    }

    @Override
    public synchronized CompletionStage<FilterHandle> replaceFilter(FilterHandle old, CgnFilter filter) {
        return answer(() -> mappings.replaceFilter(old, filter));
    }

    @Override
    public synchronized CompletionStage<Void> deleteFilter(FilterHandle filter) {
        return mappings.deleteFilter(filter);
    }

    @Override
    public CompletionStage<DynamicMap> addDynamicMap(
            InternalTuple inside, Endpoint destination, Endpoint external, Lifetime lifetime) {
        return failedFuture(new CgnException(CgnError.UNSUPPORTED));
    }

    @Override
    public CompletionStage<Optional<LiveTraffic>> liveTraffic(InternalTuple inside, Endpoint destination) {
        return failedFuture(new CgnException(CgnError.UNSUPPORTED));
    }

    @Override
    public synchronized CompletionStage<Void> unlockDynamic() {
        return kernel.unlock(rules.unlocked());
    }

    @Override
    public synchronized CompletionStage<Void> flush() {
        return kernel.lock(rules.locked(), mappings.elements(table.deleteAll()));
    }

    @Override
    public synchronized List<Entry> table() {
        return table.entries();
    }

    @Override
    public synchronized void block(SubscriberId id) {
        subscribers.block(id);
    }

    @Override
    public synchronized CompletionStage<Void> deleteSubscriber(SubscriberId id, PcpAddress external) {
        var departed = table.deleteSubscriber(id, external);
        if (departed.isEmpty()) {
            return completedFuture(null);
        }
        var gone = kernel.remove(mappings.elements(departed.get().mappings()));
        deletedSubscriber.accept(departed.get().subscriber().handle());
        return gone;
    }

    /** The rules stay in force. */
    @Override
    public void close() {
        kernel.close();
    }
}
