package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.Routine.answer;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.portreeve.netfilter.Element;
import io.portreeve.netfilter.NatTable;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A CGN that the kernel of this machine is, by nftables: what its books say to a request about explicit mappings and their filters,
 * and the kernel to the books. All is done under the lock of the CGN.
 *
 * <p>Each answer comes when the kernel does what was asked. The rules stay in force when the server goes, and connections with
 * them: the next one claims the entries of its own mappings, and the others go when it unlocks. What the kernel could not be
 * made to remove is removed with the next change.
 */
abstract sealed class KernelCgn implements HostedCgn permits NftablesCgn, NftablesFirewall {
    private final MappingRules rules;
    final SubscriberTable subscribers;
    final CgnTable table;
    final KernelClaims kernel;
    private Consumer<SubscriberHandle> deletedSubscriber = _ -> {};

    /**
     * @param rules in force in {@code kernel}, locked
     * @param inside what must be equal for two mappings to lead to the same host and port
     */
    KernelCgn(
            MappingRules rules,
            List<PoolRange> pool,
            int maxMappings,
            Function<InternalTuple, ?> inside,
            NatTable kernel) {
        this.rules = rules;
        this.kernel = new KernelClaims(kernel, rules, this);
        subscribers = new SubscriberTable(pool);
        table = new CgnTable(subscribers, maxMappings, inside);
    }

    @Override
    public final synchronized void onDeletedSubscriber(Consumer<SubscriberHandle> callback) {
        deletedSubscriber = callback;
    }

    @Override
    public final CompletionStage<List<PoolRange>> listPcpPool() {
        return completedFuture(subscribers.pool());
    }

    /** {@return the handle of {@code wanted} when it is in force, the same one if it was there already} */
    final CompletionStage<PcpMapHandle> create(CgnMapping wanted) throws CgnException {
        var existing = table.find(wanted);
        if (existing.isPresent()) {
            return kernel.whenInForce(existing.get());
        }
        var handle = table.create(wanted);
        return kernel.put(
                handle, rules.elements(wanted), () -> table.delete(handle).isPresent());
    }

    @Override
    public final synchronized CompletionStage<Void> deletePcpMapping(PcpMapHandle mapping) {
        return deleted(table.delete(mapping).map(rules::elements));
    }

    private CompletionStage<Void> deleted(Optional<List<Element>> elements) {
        return elements.<CompletionStage<Void>>map(kernel::remove)
                .orElseGet(() -> failedFuture(new CgnException(CgnError.INVALID_ARGUMENT)));
    }

    @Override
    public final synchronized CompletionStage<FilterHandle> createFilter(PcpMapHandle mapping, CgnFilter filter) {
        return answer(() -> {
            boolean known = table.filterOf(mapping).isPresent();
            if (!known && table.filters() >= FilterRules.MOST) {
                throw new CgnException(CgnError.NO_RESOURCES);
            }
            var handle = table.createFilter(mapping, filter);
            return known ? kernel.whenInForce(handle) : install(handle, filter, Optional.empty());
        });
    }

    @Override
    public final synchronized CompletionStage<FilterHandle> replaceFilter(FilterHandle old, CgnFilter filter) {
        return answer(() -> {
            var before = table.replaceFilter(old, filter).filter();
            return before.equals(Optional.of(filter)) ? kernel.whenInForce(old) : install(old, filter, before);
        });
    }

    private CompletionStage<FilterHandle> install(FilterHandle handle, CgnFilter filter, Optional<CgnFilter> before) {
        var mapping = table.filtered(handle).orElseThrow().mapping();
        var old = before.map(it -> rules.elements(mapping, it)).orElse(List.of());
        return kernel.replace(
                handle, old, rules.elements(mapping, filter), () -> table.undoFilter(handle, filter, before));
    }

    @Override
    public final synchronized CompletionStage<Void> deleteFilter(FilterHandle filter) {
        return deleted(table.deleteFilter(filter)
                .map(deleted ->
                        rules.elements(deleted.mapping(), deleted.filter().orElseThrow())));
    }

    @Override
    public final synchronized CompletionStage<Void> unlockDynamic() {
        return kernel.unlock(rules.unlocked());
    }

    /** First the lock, so that no traffic gets a port of a mapping that goes. */
    @Override
    public final synchronized CompletionStage<Void> flush() {
        return kernel.lock(rules.locked(), elements(table.deleteAll()));
    }

    /** {@return the entries of {@code gone}} */
    final List<Element> elements(List<CgnTable.Filtered> gone) {
        return gone.stream().map(rules::elements).flatMap(List::stream).toList();
    }

    @Override
    public final synchronized List<Entry> table() {
        return table.entries();
    }

    @Override
    public final synchronized void block(SubscriberId id) {
        subscribers.block(id);
    }

    @Override
    public final synchronized CompletionStage<Void> deleteSubscriber(SubscriberId id, PcpAddress external) {
        var departed = table.deleteSubscriber(id, external);
        if (departed.isEmpty()) {
            return completedFuture(null);
        }
        var gone = remove(departed.get());
        deletedSubscriber.accept(departed.get().subscriber().handle());
        return gone;
    }

    /** {@return when the kernel carries nothing more for one who has gone from the books} */
    abstract CompletionStage<Void> remove(CgnTable.Departed departed);

    /** The rules stay in force. */
    @Override
    public void close() {
        kernel.close();
    }
}
