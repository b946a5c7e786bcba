package io.portreeve.server.cgn;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A CGN in memory: everything but the packets.
 *
 * <p>Besides what its PCP server may ask, it has an administration ({@link #block}, {@link #deleteSubscriber}, {@link #table})
 * and subscribers who send traffic ({@link #outbound}). It lives and dies with its server, so there is nothing to flush.
 */
public final class MockCgn implements Cgn {

    /** One line of the CGN's table. */
    public record Entry(SubscriberId subscriber, CgnMapping mapping) {}

    private record InternalTuple(SubscriberHandle subscriber, IpProtocol protocol, Endpoint internal) {
        static InternalTuple of(CgnMapping mapping) {
            return new InternalTuple(mapping.subscriber(), mapping.protocol(), mapping.internal());
        }
    }

    private record ExternalTuple(IpProtocol protocol, Endpoint external) {
        static ExternalTuple of(CgnMapping mapping) {
            return new ExternalTuple(mapping.protocol(), mapping.external());
        }
    }

    private final List<PoolRange> pool;
    private final int maxMappings;
    private final Map<PcpAddress, Integer> subscribersPerAddress = new LinkedHashMap<>();
    private final Map<SubscriberId, Subscriber> subscribers = new HashMap<>();
    private final Map<SubscriberHandle, Subscriber> byHandle = new HashMap<>();
    private final Map<PcpMapHandle, CgnMapping> mappings = new LinkedHashMap<>();
    private final Map<InternalTuple, PcpMapHandle> byInternal = new HashMap<>();
    private final Map<ExternalTuple, PcpMapHandle> byExternal = new HashMap<>();
    private final Set<InternalTuple> implicit = new HashSet<>();
    private final Set<SubscriberId> blocked = new HashSet<>();
    private Consumer<SubscriberHandle> deletedSubscriber = _ -> {};
    private boolean dynamicUnlocked;
    private long handles;

    /**
     * @param pool what the PCP server may give away
     * @param maxMappings how many explicit mappings fit into this CGN
     */
    public MockCgn(List<PoolRange> pool, int maxMappings) {
        this.pool = List.copyOf(pool);
        this.maxMappings = maxMappings;
        pool.forEach(range -> subscribersPerAddress.put(range.external(), 0));
    }

    @Override
    public synchronized void onDeletedSubscriber(Consumer<SubscriberHandle> callback) {
        deletedSubscriber = callback;
    }

    @Override
    public CompletionStage<List<PoolRange>> listPcpPool() {
        return completedFuture(pool);
    }

    @Override
    public synchronized CompletionStage<Subscriber> getSubscriber(SubscriberId id) {
        if (blocked.contains(id)) {
            return failed(CgnError.NOT_AUTHORIZED);
        }
        var known = subscribers.get(id);
        if (known != null) {
            return completedFuture(known);
        }
        return leastUsedAddress()
                .<CompletionStage<Subscriber>>map(address -> completedFuture(add(id, address)))
                .orElseGet(() -> failed(CgnError.NO_RESOURCES));
    }

    private Optional<PcpAddress> leastUsedAddress() {
        return subscribersPerAddress.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey);
    }

    private Subscriber add(SubscriberId id, PcpAddress external) {
        var added = new Subscriber(id, new SubscriberHandle(++handles), external);
        subscribers.put(id, added);
        byHandle.put(added.handle(), added);
        subscribersPerAddress.merge(external, 1, Integer::sum);
        return added;
    }

    @Override
    public synchronized CompletionStage<Subscriber> createSubscriber(SubscriberId id, PcpAddress external) {
        if (blocked.contains(id)) {
            return failed(CgnError.NOT_AUTHORIZED);
        }
        if (!isOurs(external)) {
            return failed(CgnError.BAD_EXTERNAL_ADDRESS);
        }
        var known = subscribers.get(id);
        if (known != null && !known.external().equals(external)) {
            return failed(CgnError.OTHER_EXTERNAL_ADDRESS);
        }
        return completedFuture(known != null ? known : add(id, external));
    }

    private boolean isOurs(PcpAddress external) {
        return subscribersPerAddress.containsKey(external);
    }

    @Override
    public synchronized CompletionStage<PcpMapHandle> createPcpMapping(CgnMapping wanted) {
        var existing = byInternal.get(InternalTuple.of(wanted));
        if (existing != null && mappings.get(existing).equals(wanted)) {
            return completedFuture(existing);
        }
        var error = errorOf(wanted);
        if (error.isPresent()) {
            return failed(error.get());
        }
        var handle = new PcpMapHandle(++handles);
        mappings.put(handle, wanted);
        byInternal.put(InternalTuple.of(wanted), handle);
        byExternal.put(ExternalTuple.of(wanted), handle);
        return completedFuture(handle);
    }

    private Optional<CgnError> errorOf(CgnMapping wanted) {
        var subscriber = byHandle.get(wanted.subscriber());
        if (subscriber == null) {
            return Optional.of(CgnError.INVALID_ARGUMENT);
        }
        if (!mayLeadTo(wanted.internal().address(), subscriber)) {
            return Optional.of(CgnError.NOT_AUTHORIZED);
        }
        if (!subscriber.external().equals(wanted.external().address())) {
            return Optional.of(CgnError.BAD_EXTERNAL_ADDRESS);
        }
        if (implicit.contains(InternalTuple.of(wanted))) {
            return Optional.of(CgnError.COLLISION);
        }
        if (byInternal.containsKey(InternalTuple.of(wanted)) || byExternal.containsKey(ExternalTuple.of(wanted))) {
            return Optional.of(CgnError.INVALID_ARGUMENT);
        }
        return mappings.size() >= maxMappings ? Optional.of(CgnError.NO_RESOURCES) : Optional.empty();
    }

    /** Its own address, and the hosts behind it; never another subscriber, and never the outside. */
    private boolean mayLeadTo(PcpAddress internal, Subscriber subscriber) {
        return internal.equals(subscriber.id().address())
                || !internal.isUnspecified()
                        && !internal.toInetAddress().isMulticastAddress()
                        && !subscribers.containsKey(new SubscriberId(internal))
                        && !isOurs(internal);
    }

    @Override
    public synchronized CompletionStage<Void> deletePcpMapping(PcpMapHandle mapping) {
        return remove(mapping) ? completedFuture(null) : failed(CgnError.INVALID_ARGUMENT);
    }

    private boolean remove(PcpMapHandle handle) {
        var removed = mappings.remove(handle);
        if (removed == null) {
            return false;
        }
        byInternal.remove(InternalTuple.of(removed));
        byExternal.remove(ExternalTuple.of(removed));
        return true;
    }

    @Override
    public synchronized CompletionStage<Void> unlockDynamic() {
        dynamicUnlocked = true;
        return completedFuture(null);
    }

    /** {@return true if a subscriber's outgoing packet gets through, on a new or an old implicit mapping} */
    public synchronized boolean outbound(SubscriberHandle subscriber, IpProtocol protocol, Endpoint internal) {
        var tuple = new InternalTuple(subscriber, protocol, internal);
        if (dynamicUnlocked && byHandle.containsKey(subscriber)) {
            implicit.add(tuple);
        }
        return implicit.contains(tuple);
    }

    /** From now on this subscriber is not authorised. What it has stays. */
    public synchronized void block(SubscriberId id) {
        blocked.add(id);
    }

    /** Deletes a subscriber with all its mappings and tells the PCP server. */
    public synchronized void deleteSubscriber(SubscriberId id) {
        var deleted = subscribers.remove(id);
        if (deleted == null) {
            return;
        }
        byHandle.remove(deleted.handle());
        subscribersPerAddress.merge(deleted.external(), -1, Integer::sum);
        mappings.entrySet().stream()
                .filter(entry -> entry.getValue().subscriber().equals(deleted.handle()))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::remove);
        implicit.removeIf(tuple -> tuple.subscriber().equals(deleted.handle()));
        deletedSubscriber.accept(deleted.handle());
    }

    /** {@return all explicit mappings, in the order of their creation} */
    public synchronized List<Entry> table() {
        return mappings.values().stream()
                .map(mapping -> new Entry(byHandle.get(mapping.subscriber()).id(), mapping))
                .toList();
    }

    @Override
    public void close() {
        // nothing outlives the process
    }

    private static <T> CompletionStage<T> failed(CgnError error) {
        return failedFuture(new CgnException(error));
    }
}
