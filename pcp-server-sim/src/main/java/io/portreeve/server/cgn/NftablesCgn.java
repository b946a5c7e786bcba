package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.Routine.answer;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.portreeve.netfilter.Connections;
import io.portreeve.netfilter.NatTable;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.netfilter.TableFamily;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A CGN that carries packets: the kernel of this machine, by nftables.
 *
 * <p>Each answer comes when the kernel does what was asked. The rules stay in force when the server goes, and connections with
 * them: the next one claims the entries of its own mappings, and the others go when it unlocks. What the kernel could not be
 * made to remove is removed with the next change.
 *
 * <p>The implicit mappings of traffic are the kernel's own: their ports depend on the peer too, and they end when their
 * connections do. Those that were asked for expire here.
 */
public final class NftablesCgn implements HostedCgn {
    private static final String TABLE = "portreeve_cgn";

    private final NftablesRules rules;
    private final KernelClaims kernel;
    private final SubscriberTable subscribers;
    private final CgnTable table;
    private final KernelMappings mappings;
    private final KernelTraffic traffic;
    private Consumer<SubscriberHandle> deletedSubscriber = _ -> {};

    private NftablesCgn(
            NftablesRules rules,
            CgnLimits limits,
            NatTable kernel,
            Connections connections,
            MonoClock clock,
            RandomGenerator random,
            Consumer<Throwable> onFailure) {
        this.rules = rules;
        this.kernel = new KernelClaims(kernel, rules, this);
        subscribers = new SubscriberTable(rules.pool());
        table = new CgnTable(subscribers, limits.mappings(), tuple -> List.of(tuple.protocol(), tuple.internal()));
        mappings = new KernelMappings(table, this.kernel, rules);
        var dynamics = new DynamicMaps(rules.implicit(), limits.implicitPerSubscriber(), random);
        traffic = new KernelTraffic(table, this.kernel, connections, dynamics, clock, onFailure, this);
    }

    /**
     * {@return the CGN of this network namespace, locked}
     *
     * @param limits {@value NftablesRules#MOST_MAPPINGS} explicit mappings at most
     * @param random chooses the ports of implicit mappings that are asked for
     * @param onFailure called once if it can work no longer
     */
    public static NftablesCgn open(
            NftablesRules rules,
            CgnLimits limits,
            MonoClock clock,
            RandomGenerator random,
            Consumer<Throwable> onFailure)
            throws NetfilterException {
        var connections = Connections.open();
        try {
            var kernel = NatTable.open(TableFamily.IP, TABLE, NftablesRules.maps(), rules.locked(), clock, onFailure);
            var cgn = new NftablesCgn(rules, limits, kernel, connections, clock, random, onFailure);
            cgn.traffic.start();
            return cgn;
        } catch (NetfilterException e) {
            connections.close();
            throw e;
        }
    }

    /** Takes the rules of an earlier run out of the kernel, with the entries that the next one would claim. */
    static void forgetEarlier() throws NetfilterException {
        NatTable.remove(TABLE);
    }

    /** Has the kernel remove what has expired by now. */
    synchronized CompletionStage<Void> expire() {
        return traffic.expire();
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
        return answer(() -> {
            NftablesRules.checkFamily(id.address());
            boolean known = isKnown(id);
            return subscriber(subscribers.get(id, PcpAddress.ANY_IPV4, () -> rules.externalOf(id)), known);
        });
    }

    @Override
    public synchronized CompletionStage<Subscriber> createSubscriber(SubscriberId id, PcpAddress external) {
        if (external.equals(PcpAddress.ANY_IPV4)) {
            return getSubscriber(id);
        }
        return answer(() -> {
            NftablesRules.checkFamily(id.address());
            boolean known = isKnown(id);
            return subscriber(subscribers.create(id, external), known);
        });
    }

    private boolean isKnown(SubscriberId id) {
        return subscribers.find(id, PcpAddress.ANY_IPV4).isPresent();
    }

    private CompletionStage<Subscriber> subscriber(Subscriber subscriber, boolean known) {
        return known
                ? kernel.whenInForce(subscriber)
                : kernel.put(subscriber, List.of(NftablesRules.element(subscriber)), () -> forget(subscriber));
    }

    private boolean forget(Subscriber subscriber) {
        return subscribers.find(subscriber.id(), PcpAddress.ANY_IPV4).equals(Optional.of(subscriber))
                && table.deleteSubscriber(subscriber.id(), subscriber.external())
                        .isPresent();
    }

    @Override
    public synchronized CompletionStage<PcpMapHandle> createPcpMapping(CgnMapping wanted) {
        return answer(() -> {
            NftablesRules.checkFamily(wanted.internal().address());
            checkPool(wanted);
            return mappings.create(wanted);
        });
    }

    /** The kernel gives other ports to connections as it likes: two hosts may have one of them at once. */
    private void checkPool(CgnMapping wanted) throws CgnException {
        boolean isOfPool = rules.pool().stream()
                .anyMatch(range -> range.external().equals(wanted.external().address())
                        && range.protocol().equals(wanted.protocol())
                        && range.contains(wanted.external().port()));
        if (!isOfPool) {
            throw new CgnException(CgnError.BAD_EXTERNAL_ADDRESS);
        }
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
    public synchronized CompletionStage<DynamicMap> addDynamicMap(
            InternalTuple inside, Endpoint destination, Endpoint external, Lifetime lifetime) {
        return answer(() -> traffic.promise(inside, destination, external.address(), lifetime));
    }

    @Override
    public synchronized CompletionStage<Optional<LiveTraffic>> liveTraffic(InternalTuple inside, Endpoint destination) {
        return answer(() -> completedFuture(traffic.live(inside, destination)));
    }

    @Override
    public synchronized CompletionStage<Void> unlockDynamic() {
        return kernel.unlock(rules.unlocked());
    }

    /** First the lock, so that no traffic gets a port of a mapping that goes. */
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
        return departed.isEmpty() ? completedFuture(null) : remove(departed.get());
    }

    private CompletableFuture<Void> remove(CgnTable.Departed departed) {
        var subscriber = departed.subscriber();
        var dynamic = traffic.removeOf(subscriber.handle());
        var elements = new ArrayList<>(KernelTraffic.elements(dynamic));
        elements.add(NftablesRules.element(subscriber));
        elements.addAll(mappings.elements(departed.mappings()));
        var gone = kernel.remove(
                elements, dynamic.stream().map(DynamicRules::outerEnd).toList());
        deletedSubscriber.accept(subscriber.handle());
        return gone;
    }

    /** The rules stay in force. */
    @Override
    public void close() {
        traffic.close();
        kernel.close();
    }
}
