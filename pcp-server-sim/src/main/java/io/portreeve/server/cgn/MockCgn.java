package io.portreeve.server.cgn;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A CGN in memory: everything but the packets.
 *
 * <p>Its subscribers send traffic when they are told to ({@link #outbound}). It lives and dies with its server, so there is
 * nothing to flush.
 */
public final class MockCgn implements LocalCgn {
    private record InternalTuple(SubscriberHandle subscriber, IpProtocol protocol, Endpoint internal) {
        static InternalTuple of(CgnMapping mapping) {
            return new InternalTuple(mapping.subscriber(), mapping.protocol(), mapping.internal());
        }
    }

    private final CgnTable table;
    private final Set<InternalTuple> implicit = new HashSet<>();
    private Consumer<SubscriberHandle> deletedSubscriber = _ -> {};
    private boolean dynamicUnlocked;

    /**
     * @param pool what the PCP server may give away
     * @param maxMappings how many explicit mappings fit into this CGN
     */
    public MockCgn(List<PoolRange> pool, int maxMappings) {
        table = new CgnTable(pool, maxMappings, InternalTuple::of);
    }

    @Override
    public synchronized void onDeletedSubscriber(Consumer<SubscriberHandle> callback) {
        deletedSubscriber = callback;
    }

    @Override
    public CompletionStage<List<PoolRange>> listPcpPool() {
        return completedFuture(table.pool());
    }

    @Override
    public synchronized CompletionStage<Subscriber> getSubscriber(SubscriberId id) {
        try {
            return completedFuture(table.getSubscriber(id, table::leastUsedAddress));
        } catch (CgnException e) {
            return failedFuture(e);
        }
    }

    @Override
    public synchronized CompletionStage<Subscriber> createSubscriber(SubscriberId id, PcpAddress external) {
        try {
            return completedFuture(table.createSubscriber(id, external));
        } catch (CgnException e) {
            return failedFuture(e);
        }
    }

    @Override
    public synchronized CompletionStage<PcpMapHandle> createPcpMapping(CgnMapping wanted) {
        var existing = table.find(wanted);
        if (existing.isPresent()) {
            return completedFuture(existing.get());
        }
        if (implicit.contains(InternalTuple.of(wanted))) {
            return failedFuture(new CgnException(CgnError.COLLISION));
        }
        try {
            return completedFuture(table.create(wanted));
        } catch (CgnException e) {
            return failedFuture(e);
        }
    }

    @Override
    public synchronized CompletionStage<Void> deletePcpMapping(PcpMapHandle mapping) {
        return table.delete(mapping).isPresent()
                ? completedFuture(null)
                : failedFuture(new CgnException(CgnError.INVALID_ARGUMENT));
    }

    @Override
    public synchronized CompletionStage<Void> unlockDynamic() {
        dynamicUnlocked = true;
        return completedFuture(null);
    }

    /** {@return true if a subscriber's outgoing packet gets through, on a new or an old implicit mapping} */
    public synchronized boolean outbound(SubscriberHandle subscriber, IpProtocol protocol, Endpoint internal) {
        var tuple = new InternalTuple(subscriber, protocol, internal);
        if (dynamicUnlocked && table.has(subscriber)) {
            implicit.add(tuple);
        }
        return implicit.contains(tuple);
    }

    @Override
    public synchronized void block(SubscriberId id) {
        table.block(id);
    }

    @Override
    public synchronized CompletionStage<Void> deleteSubscriber(SubscriberId id) {
        table.deleteSubscriber(id).ifPresent(departed -> {
            var handle = departed.subscriber().handle();
            implicit.removeIf(tuple -> tuple.subscriber().equals(handle));
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
