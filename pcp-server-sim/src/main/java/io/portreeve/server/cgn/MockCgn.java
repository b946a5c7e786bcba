package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.Routine.booked;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A CGN in memory, or a firewall that translates nothing: it says of each packet whether it would pass, and as what.
 *
 * <p>Implicit mappings are endpoint-independent and let in answers only (RFC 4787 sections 4.1 and 5).
 */
public final class MockCgn implements HostedCgn {
    private final SubscriberTable subscribers;
    private final CgnTable table;
    private final ImplicitTable implicits;
    private final ExplicitTraffic explicits = new ExplicitTraffic();
    private final PacketPath path;
    private final MonoClock clock;
    private Consumer<SubscriberHandle> deletedSubscriber = _ -> {};
    private boolean locked = true;

    /**
     * @param pool what the PCP server may give away; implicit mappings have other ports. {@link PoolRange#ofFirewall()} makes
     *     it a firewall
     * @param random chooses those ports
     */
    public MockCgn(List<PoolRange> pool, CgnLimits limits, MonoClock clock, RandomGenerator random) {
        this.clock = clock;
        subscribers = new SubscriberTable(pool);
        table = new CgnTable(subscribers, limits.mappings(), Function.identity());
        implicits = new ImplicitTable(pool, limits.implicitPerSubscriber(), random);
        path = new PacketPath(subscribers, table, implicits, explicits);
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
        return booked(() -> subscribers.get(id, subscribers.familyLike(id.address())));
    }

    @Override
    public synchronized CompletionStage<Subscriber> createSubscriber(SubscriberId id, PcpAddress external) {
        return booked(() -> subscribers.getOrCreate(id, external));
    }

    @Override
    public synchronized CompletionStage<PcpMapHandle> createPcpMapping(CgnMapping wanted) {
        var existing = table.find(wanted);
        return booked(() -> existing.isPresent() ? existing.get() : create(wanted));
    }

    /** All traffic of an internal endpoint has one external endpoint, whatever made it. */
    private PcpMapHandle create(CgnMapping wanted) throws CgnException {
        var inside = InternalTuple.of(wanted);
        var outside = ExternalTuple.of(wanted);
        var implicit = implicits.of(inside, clock.now());
        if (implicit.filter(it -> !it.outside().equals(outside)).isPresent()) {
            throw new CgnException(CgnError.COLLISION);
        }
        if (!implicits.mayLend(outside, inside, clock.now())) {
            throw new CgnException(CgnError.INVALID_ARGUMENT);
        }
        var handle = table.create(wanted);
        implicits.lend(outside);
        return handle;
    }

    @Override
    public synchronized CompletionStage<Void> deletePcpMapping(PcpMapHandle mapping) {
        var deleted = table.delete(mapping);
        deleted.ifPresent(it -> forget(it.mapping()));
        return deleted(deleted);
    }

    private void forget(CgnMapping deleted) {
        explicits.forget(InternalTuple.of(deleted));
        implicits.takeBack(ExternalTuple.of(deleted));
    }

    private static CompletionStage<Void> deleted(Optional<CgnTable.Filtered> deleted) {
        return deleted.isPresent() ? completedFuture(null) : failedFuture(new CgnException(CgnError.INVALID_ARGUMENT));
    }

    @Override
    public synchronized CompletionStage<FilterHandle> createFilter(PcpMapHandle mapping, CgnFilter filter) {
        return booked(() -> table.createFilter(mapping, filter));
    }

    @Override
    public synchronized CompletionStage<FilterHandle> replaceFilter(FilterHandle old, CgnFilter filter) {
        return booked(() -> {
            table.replaceFilter(old, filter);
            return old;
        });
    }

    @Override
    public synchronized CompletionStage<Void> deleteFilter(FilterHandle filter) {
        return deleted(table.deleteFilter(filter));
    }

    @Override
    public synchronized CompletionStage<DynamicMap> addDynamicMap(
            InternalTuple inside, Endpoint destination, Endpoint external, Lifetime lifetime) {
        return booked(() -> {
            var known = table.checkInside(inside);
            table.checkHint(known, inside.internal(), external.address());
            CgnTable.checkRemote(destination);
            var mapping = mapping(inside, known, destination);
            var now = clock.now();
            var flow = mapping.openFlow(destination, now);
            flow.promise(now.plus(Duration.ofSeconds(lifetime.seconds())));
            return new DynamicMap(mapping.external(), Lifetime.of(now.until(flow.until())));
        });
    }

    /** {@return the implicit mapping for traffic with {@code destination}} */
    private ImplicitMapping mapping(InternalTuple inside, Subscriber subscriber, Endpoint destination)
            throws CgnException {
        var existing = implicits.of(inside, clock.now());
        boolean hasFlow = existing.flatMap(it -> it.flowWith(destination)).isPresent();
        if (!hasFlow && table.mappingOf(inside).isPresent()) {
            throw new CgnException(CgnError.COLLISION);
        }
        if (locked) {
            throw new CgnException(CgnError.NO_RESOURCES);
        }
        return existing.isPresent() ? existing.get() : implicits.create(inside, subscriber.external(), clock.now());
    }

    @Override
    public synchronized CompletionStage<Optional<LiveTraffic>> liveTraffic(InternalTuple inside, Endpoint destination) {
        return booked(() -> {
            table.checkInside(inside);
            var now = clock.now();
            Predicate<Endpoint> remotes = remote -> destination.address().isUnspecified() || remote.equals(destination);
            var implicit = implicits.of(inside, now).flatMap(it -> live(it.external(), it.flows(), remotes, now));
            var explicit =
                    table.mappingOf(inside).flatMap(it -> live(it.external(), explicits.of(inside), remotes, now));
            return Stream.of(implicit, explicit)
                    .flatMap(Optional::stream)
                    .max(Comparator.comparing(live -> live.left().seconds()));
        });
    }

    private static Optional<LiveTraffic> live(
            Endpoint external, Flows flows, Predicate<Endpoint> remotes, MonoTime now) {
        return flows.until(now, remotes).map(until -> LiveTraffic.of(external, until, now));
    }

    @Override
    public synchronized CompletionStage<Void> unlockDynamic() {
        locked = false;
        return completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<Void> flush() {
        locked = true;
        table.deleteAll().forEach(deleted -> forget(deleted.mapping()));
        return completedFuture(null);
    }

    /**
     * {@return a packet from a subscriber's line as it comes out: on the internet's side, or on another subscriber's line if
     * it was sent to an external endpoint of this CGN (RFC 4787 REQ-9); empty if it is dropped} What it makes on its way, it
     * makes.
     */
    public synchronized Optional<Packet> outbound(Packet packet) {
        return path.outbound(packet, packet.line().orElseThrow(), locked, clock.now());
    }

    /** {@return a packet from the internet as it comes out on a subscriber's line; empty if it is dropped} */
    public synchronized Optional<Packet> inbound(Packet packet) {
        return path.inbound(packet, clock.now());
    }

    @Override
    public synchronized void block(SubscriberId id) {
        subscribers.block(id);
    }

    @Override
    public synchronized CompletionStage<Void> deleteSubscriber(SubscriberId id, PcpAddress external) {
        table.deleteSubscriber(id, external).ifPresent(departed -> {
            var handle = departed.subscriber().handle();
            implicits.removeOf(handle);
            departed.mappings().forEach(deleted -> forget(deleted.mapping()));
            deletedSubscriber.accept(handle);
        });
        return completedFuture(null);
    }

    @Override
    public synchronized List<Entry> table() {
        return table.entries();
    }

    @Override
    public void close() {
        // nothing outlives the process
    }
}
