package io.portreeve.server.cgn;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.portreeve.netfilter.Element;
import io.portreeve.netfilter.NatTable;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.netfilter.TableChange;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A CGN that carries packets: the kernel of this machine, by nftables.
 *
 * <p>Each answer comes when the kernel does what was asked. The rules stay in force when the server goes, and connections with
 * them: the next one claims the entries of its own mappings, and the others go when it unlocks. What the kernel could not be
 * made to remove is removed with the next change. It adds no dynamic maps yet: NO_RESOURCES.
 */
public final class NftablesCgn implements LocalCgn {
    private static final Logger LOG = LoggerFactory.getLogger(NftablesCgn.class);
    private static final String TABLE = "portreeve_cgn";

    private final NftablesRules rules;
    private final NatTable kernel;
    private final CgnTable table;

    /** What the books want in the kernel. */
    private final Set<Element> claimed = new HashSet<>();

    /** In the kernel, and nobody's. */
    private final Set<Element> leftovers;

    /** Which mappings and subscribers the kernel is being asked for: who asks again waits for the same answer. */
    private final Map<Object, CompletableFuture<Void>> underway = new HashMap<>();

    private Consumer<SubscriberHandle> deletedSubscriber = _ -> {};
    private boolean unlocked;
    private boolean failing;

    private NftablesCgn(NftablesRules rules, int maxMappings, NatTable kernel) {
        this.rules = rules;
        this.kernel = kernel;
        table = new CgnTable(rules.pool(), maxMappings, tuple -> List.of(tuple.protocol(), tuple.internal()));
        leftovers = new HashSet<>(kernel.elements());
    }

    /**
     * {@return the CGN of this network namespace, locked}
     *
     * @param maxMappings how many explicit mappings there may be, {@value NftablesRules#MOST_MAPPINGS} at most
     * @param onFailure called once if it can work no longer
     */
    public static NftablesCgn open(NftablesRules rules, int maxMappings, MonoClock clock, Consumer<Throwable> onFailure)
            throws NetfilterException {
        return new NftablesCgn(
                rules, maxMappings, NatTable.open(TABLE, NftablesRules.maps(), rules.locked(), clock, onFailure));
    }

    @Override
    public synchronized void onDeletedSubscriber(Consumer<SubscriberHandle> callback) {
        deletedSubscriber = callback;
    }

    @Override
    public CompletionStage<List<PoolRange>> listPcpPool() {
        return completedFuture(rules.pool());
    }

    @Override
    public synchronized CompletionStage<Subscriber> getSubscriber(SubscriberId id) {
        try {
            checkFamily(id.address());
            boolean known = table.has(id);
            return subscriber(table.getSubscriber(id, () -> rules.externalOf(id)), known);
        } catch (CgnException e) {
            return failedFuture(e);
        }
    }

    @Override
    public synchronized CompletionStage<Subscriber> createSubscriber(SubscriberId id, PcpAddress external) {
        try {
            checkFamily(id.address());
            boolean known = table.has(id);
            return subscriber(table.createSubscriber(id, external), known);
        } catch (CgnException e) {
            return failedFuture(e);
        }
    }

    private CompletionStage<Subscriber> subscriber(Subscriber subscriber, boolean known) {
        if (!known) {
            put(subscriber, List.of(NftablesRules.element(subscriber)), () -> table.deleteSubscriber(subscriber.id()));
        }
        return whenInForce(subscriber);
    }

    private static void checkFamily(PcpAddress inside) throws CgnException {
        if (!inside.isIpv4()) {
            throw new CgnException(CgnError.NOT_AUTHORIZED);
        }
    }

    @Override
    public synchronized CompletionStage<PcpMapHandle> createPcpMapping(CgnMapping wanted) {
        var existing = table.find(wanted);
        if (existing.isPresent()) {
            return whenInForce(existing.get());
        }
        try {
            checkFamily(wanted.internal().address());
            var handle = table.create(wanted);
            put(handle, NftablesRules.elements(wanted), () -> table.delete(handle));
            return whenInForce(handle);
        } catch (CgnException e) {
            return failedFuture(e);
        }
    }

    private <T> CompletionStage<T> whenInForce(T subject) {
        return underway.getOrDefault(subject, completedFuture(null)).thenApply(_ -> subject);
    }

    /** Claims {@code elements} if they are there, else has the kernel add them; what is being removed may be either. */
    private void put(Object subject, List<Element> elements, Runnable undo) {
        claim(elements);
        Runnable undoAll = () -> {
            claimed.removeAll(elements);
            undo.run();
        };
        awaited(subject, unlocked ? change(elements, List.of(), undoAll) : answer(kernel.restore(elements), undoAll));
    }

    private void claim(List<Element> elements) {
        claimed.addAll(elements);
        elements.forEach(leftovers::remove);
    }

    private void awaited(Object subject, CompletableFuture<Void> answer) {
        underway.put(subject, answer);
        answer.whenComplete((_, _) -> answered(subject, answer));
    }

    private synchronized void answered(Object subject, CompletableFuture<Void> answer) {
        underway.remove(subject, answer);
    }

    @Override
    public synchronized CompletionStage<Void> deletePcpMapping(PcpMapHandle mapping) {
        return table.delete(mapping)
                .<CompletionStage<Void>>map(deleted -> remove(NftablesRules.elements(deleted)))
                .orElseGet(() -> failedFuture(new CgnException(CgnError.INVALID_ARGUMENT)));
    }

    @Override
    public synchronized CompletionStage<FilterHandle> createFilter(PcpMapHandle mapping, CgnFilter filter) {
        boolean known = table.filterOf(mapping).isPresent();
        try {
            var handle = table.createFilter(mapping, filter);
            if (!known) {
                install(handle, filter, Optional.empty());
            }
            return whenInForce(handle);
        } catch (CgnException e) {
            return failedFuture(e);
        }
    }

    @Override
    public synchronized CompletionStage<FilterHandle> replaceFilter(FilterHandle old, CgnFilter filter) {
        try {
            var before = table.replaceFilter(old, filter).filter();
            if (!before.equals(Optional.of(filter))) {
                install(old, filter, before);
            }
            return whenInForce(old);
        } catch (CgnException e) {
            return failedFuture(e);
        }
    }

    private void install(FilterHandle handle, CgnFilter filter, Optional<CgnFilter> before) {
        var mapping = table.filtered(handle).orElseThrow().mapping();
        var gone = before.map(it -> FilterRules.elements(mapping, it)).orElse(List.of());
        var elements = FilterRules.elements(mapping, filter);
        claimed.removeAll(gone);
        claim(elements);
        awaited(
                handle,
                change(
                        elements,
                        gone.stream().filter(it -> !claimed.contains(it)).toList(),
                        () -> uninstall(handle, filter, before)));
    }

    /** The kernel did not take {@code filter}. If another has taken its place since, that is none of our business. */
    private void uninstall(FilterHandle handle, CgnFilter filter, Optional<CgnFilter> before) {
        var filtered = table.filtered(handle).filter(it -> it.filter().equals(Optional.of(filter)));
        if (filtered.isEmpty()) {
            return;
        }
        var mapping = filtered.get().mapping();
        claimed.removeAll(FilterRules.elements(mapping, filter));
        if (before.isPresent()) {
            table.restoreFilter(handle, before.get());
            claimed.addAll(FilterRules.elements(mapping, before.get()));
        } else {
            table.deleteFilter(handle);
        }
    }

    @Override
    public synchronized CompletionStage<Void> deleteFilter(FilterHandle filter) {
        return table.deleteFilter(filter)
                .<CompletionStage<Void>>map(deleted -> remove(
                        FilterRules.elements(deleted.mapping(), deleted.filter().orElseThrow())))
                .orElseGet(() -> failedFuture(new CgnException(CgnError.INVALID_ARGUMENT)));
    }

    @Override
    public CompletionStage<DynamicMap> addDynamicMap(
            SubscriberHandle subscriber,
            IpProtocol protocol,
            Endpoint internal,
            Endpoint destination,
            Endpoint external,
            Lifetime lifetime) {
        return failedFuture(new CgnException(CgnError.NO_RESOURCES));
    }

    private CompletableFuture<Void> remove(List<Element> elements) {
        claimed.removeAll(elements);
        return change(List.of(), elements, () -> {});
    }

    /** Has the kernel do this and, once the leftovers are known to be nobody's, remove them too. */
    private CompletableFuture<Void> change(List<Element> added, List<Element> removed, Runnable undo) {
        var gone = new ArrayList<>(removed);
        if (unlocked) {
            gone.addAll(leftovers);
            leftovers.clear();
        }
        var ended = gone.stream()
                .map(NftablesRules::end)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        return answer(kernel.apply(new TableChange(added, gone, ended)), () -> {
            undo.run();
            gone.stream().filter(element -> !claimed.contains(element)).forEach(leftovers::add);
        });
    }

    private CompletableFuture<Void> answer(CompletableFuture<Void> asked, Runnable undo) {
        var answer = new CompletableFuture<Void>();
        asked.whenComplete((_, failure) -> {
            if (failure == null) {
                succeeded();
                answer.complete(null);
            } else {
                failed(failure, undo);
                answer.completeExceptionally(new CgnException(CgnError.INTERNAL, failure));
            }
        });
        return answer;
    }

    private synchronized void succeeded() {
        if (failing) {
            LOG.info("the kernel does what the CGN asks again");
        }
        failing = false;
    }

    private synchronized void failed(Throwable failure, Runnable undo) {
        undo.run();
        if (!failing) {
            LOG.error("{}; mappings neither come nor go until this is better", failure.getMessage());
        }
        failing = true;
    }

    @Override
    public CompletionStage<Void> unlockDynamic() {
        return sweep().thenCompose(_ -> answer(kernel.replaceChains(rules.unlocked()), () -> {}));
    }

    private synchronized CompletableFuture<Void> sweep() {
        unlocked = true;
        return remove(List.of());
    }

    @Override
    public synchronized List<Entry> table() {
        return table.entries();
    }

    @Override
    public synchronized void block(SubscriberId id) {
        table.block(id);
    }

    @Override
    public synchronized CompletionStage<Void> deleteSubscriber(SubscriberId id) {
        var departed = table.deleteSubscriber(id);
        if (departed.isEmpty()) {
            return completedFuture(null);
        }
        var subscriber = departed.get().subscriber();
        var elements = new ArrayList<Element>();
        elements.add(NftablesRules.element(subscriber));
        departed.get().mappings().stream()
                .map(NftablesRules::elements)
                .flatMap(Collection::stream)
                .forEach(elements::add);
        var gone = remove(elements);
        deletedSubscriber.accept(subscriber.handle());
        return gone;
    }

    /** The rules stay in force. */
    @Override
    public void close() {
        kernel.close();
    }
}
