package io.portreeve.server.cgn;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The carrier-grade NAT as its PCP server sees it: the server decides, the CGN does.
 *
 * <p>All external ports of the pool are the server's to give; the CGN authorises subscribers and internal addresses.
 * No routine waits or throws: a stage fails with {@link CgnException}. Calls take effect in the order they are made.
 * From its start until {@link #unlockDynamic} the CGN makes no implicit mapping; then it drops every explicit one that an
 * earlier server had and this one has not created again.
 *
 * <p>{@link #liveTraffic} is an addition of this server's: without it nobody could copy, spare or refuse to delete what
 * traffic has made.
 */
public interface Cgn extends AutoCloseable {

    /**
     * Registers who is told that the administration deleted a subscriber, all its mappings included.
     * The word may overtake answers that were on their way.
     */
    void onDeletedSubscriber(Consumer<SubscriberHandle> callback);

    /** {@return one range for each external address and protocol} Never fails. */
    CompletionStage<List<PoolRange>> listPcpPool();

    /**
     * {@return the subscriber, with the external address the CGN chose for it} It is of the family of the subscriber's own
     * address if the CGN has any of that family. Errors: NOT_AUTHORIZED, NO_RESOURCES.
     */
    CompletionStage<Subscriber> getSubscriber(SubscriberId id);

    /**
     * {@return the subscriber, with this external address, beside one of the other family that it may have}
     * Errors: those of get, and that it has another address of this family, or may not.
     *
     * @param external all zeros for any of their family, as in a MAP request
     */
    CompletionStage<Subscriber> createSubscriber(SubscriberId id, PcpAddress external);

    /**
     * {@return the mapping's handle, the same one if it exists already} An implicit mapping of the same internal tuple lives
     * on beside it: its flows keep their port, all others get this one (RFC 6887 section 11.3).
     * Errors: NOT_AUTHORIZED (internal address), BAD_EXTERNAL_ADDRESS, COLLISION (there is an implicit mapping with another
     * external endpoint, and this CGN cannot have both), NO_RESOURCES.
     */
    CompletionStage<PcpMapHandle> createPcpMapping(CgnMapping mapping);

    /** Deletes a mapping, and its filter with it. Cannot fail, unless the handle is dead. */
    CompletionStage<Void> deletePcpMapping(PcpMapHandle mapping);

    /**
     * {@return the filter's handle, the same one if the mapping has this very filter}
     * Errors: COLLISION (it has another one), NO_RESOURCES, INVALID_ARGUMENT (of the other address family, or a dead handle).
     */
    CompletionStage<FilterHandle> createFilter(PcpMapHandle mapping, CgnFilter filter);

    /**
     * Puts another filter in the place of this one; no packet meets neither.
     * Errors: NO_RESOURCES, and then the old one stays; INVALID_ARGUMENT as above.
     *
     * @return {@code old}, which stands for the new one from now on
     */
    CompletionStage<FilterHandle> replaceFilter(FilterHandle old, CgnFilter filter);

    /** Lets everybody in again. Cannot fail, unless the handle is dead. */
    CompletionStage<Void> deleteFilter(FilterHandle filter);

    /**
     * {@return the implicit mapping of an internal endpoint for its traffic with {@code destination}} If there is one, however
     * it came about, it is returned, and lives {@code lifetime} at least from now. The port is the CGN's random choice.
     * Errors: those of create; COLLISION (an explicit mapping serves this traffic), QUOTA, NO_RESOURCES (before the unlock).
     *
     * @param external the address may be the subscriber's, the rest is ignored; all zeros say nothing
     */
    CompletionStage<DynamicMap> addDynamicMap(
            InternalTuple inside, Endpoint destination, Endpoint external, Lifetime lifetime);

    /**
     * {@return what traffic of an internal endpoint holds open, by an implicit mapping or through an explicit one; empty if
     * there is no such traffic} Errors: those of create, UNSUPPORTED; any of them means that the CGN cannot say.
     *
     * @param destination only what is exchanged with this peer; all zeros for any
     */
    CompletionStage<Optional<LiveTraffic>> liveTraffic(InternalTuple inside, Endpoint destination);

    /** Allows new implicit dynamic mappings: the server has restored its own. */
    CompletionStage<Void> unlockDynamic();

    @Override
    void close();
}
