package io.portreeve.server.cgn;

import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The carrier-grade NAT as its PCP server sees it: the server decides, the CGN does.
 *
 * <p>All external ports of the pool are the server's to give; the CGN authorises subscribers and internal addresses.
 * No routine waits or throws: a stage fails with {@link CgnException}. Calls take effect in the order they are made.
 * From its start until {@link #unlockDynamic} the CGN makes no implicit mapping; then it drops every explicit one that an
 * earlier server had and this one has not created again.
 */
public interface Cgn extends AutoCloseable {

    /**
     * Registers who is told that the administration deleted a subscriber, all its mappings included.
     * The word may overtake answers that were on their way.
     */
    void onDeletedSubscriber(Consumer<SubscriberHandle> callback);

    /** {@return one range for each external address and protocol} Never fails. */
    CompletionStage<List<PoolRange>> listPcpPool();

    /** {@return the subscriber, with the external address the CGN chose for it} Errors: NOT_AUTHORIZED, NO_RESOURCES. */
    CompletionStage<Subscriber> getSubscriber(SubscriberId id);

    /** {@return the subscriber, with this external address} Errors: those of get, and that it has another address or may not. */
    CompletionStage<Subscriber> createSubscriber(SubscriberId id, PcpAddress external);

    /**
     * {@return the mapping's handle, the same one if it exists already}
     * Errors: NOT_AUTHORIZED (internal address), BAD_EXTERNAL_ADDRESS, COLLISION, NO_RESOURCES.
     */
    CompletionStage<PcpMapHandle> createPcpMapping(CgnMapping mapping);

    /** Deletes a mapping. Cannot fail, unless the handle is dead. */
    CompletionStage<Void> deletePcpMapping(PcpMapHandle mapping);

    /** Allows new implicit dynamic mappings: the server has restored its own. */
    CompletionStage<Void> unlockDynamic();

    @Override
    void close();
}
