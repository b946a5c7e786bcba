package io.portreeve.server.channel;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.CgnException;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.DynamicMap;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.FilterHandle;
import io.portreeve.server.cgn.InternalTuple;
import io.portreeve.server.cgn.LiveTraffic;
import io.portreeve.server.cgn.LocalCgn;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A CGN that is another program, as its PCP server sees it.
 *
 * <p>Its handles outlive sessions: when the CGN has crashed, or has taken the server for dead, the next session makes again all
 * that the server had, with the same external addresses and ports, before anybody is told that the CGN is there again. While it
 * is not there routines fail with UNREACHABLE, but for deletions, which the end of the session has done already.
 */
public final class RemoteCgn implements LocalCgn {
    private final Mirror mirror = new Mirror();
    private final Keeper keeper;
    private Consumer<SubscriberHandle> deletedSubscriber = _ -> {};

    /** The session, when all is as it was; empty while there is none. */
    private Optional<Link> ready = Optional.empty();

    private boolean unlocked;

    private RemoteCgn(int port, MonoClock clock, Consumer<MonoTime> alive) {
        keeper = new Keeper(port, clock, this, alive);
    }

    /**
     * {@return the CGN that listens at {@code port} of the loopback interface} Waits for it.
     *
     * @param alive told until when the CGN is certain to have what the server had it make: later each second while it answers, and a time
     *     that is over when it does not
     * @throws CgnChannelException if it does not answer within {@code patience}
     */
    public static RemoteCgn open(int port, Duration patience, MonoClock clock, Consumer<MonoTime> alive)
            throws CgnChannelException {
        var cgn = new RemoteCgn(port, clock, alive);
        try {
            cgn.keeper.start(patience);
            return cgn;
        } catch (CgnChannelException e) {
            cgn.close();
            throw e;
        }
    }

    /** Makes all again in a new session. It is not ready yet, so that nothing comes in between. */
    void restore(Link link) throws CgnException {
        finish(link, begin().run(link));
    }

    private synchronized Restoring begin() {
        return mirror.restoring(unlocked);
    }

    private synchronized void finish(Link link, Restored restored) {
        mirror.takeNames(restored).forEach(link::ask);
        ready = Optional.of(link);
        restored.lost().forEach(this::give);
    }

    /** The CGN cannot have what {@code subscriber} had: it loses all, as if the administration had deleted it. */
    private void give(SubscriberHandle subscriber) {
        mirror.remove(subscriber).forEach(name -> ask("delete-pcp-mapping " + name));
        deletedSubscriber.accept(subscriber);
    }

    /** The session is over. */
    synchronized void lose() {
        ready = Optional.empty();
    }

    /** The CGN's administration deleted the subscriber that it calls {@code name}. */
    synchronized void deleted(String name) {
        mirror.subscriber(name).ifPresent(handle -> {
            mirror.remove(handle);
            deletedSubscriber.accept(handle);
        });
    }

    private CompletableFuture<Words> ask(String routine) {
        return ready.map(link -> link.ask(routine)).orElseGet(() -> failedFuture(unreachable()));
    }

    private static CgnException unreachable() {
        return new CgnException(CgnError.UNREACHABLE);
    }

    /** {@return the answer, as {@code reader} reads it before anything else is asked or answered} */
    private <T> CompletionStage<T> ask(String routine, Reader<T> reader) {
        var session = ready;
        return ask(routine).thenApply(words -> read(session, words, reader));
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(Words words) throws Words.Misspelt;
    }

    /** What an earlier session answered is undone, and its names may be those of other things now. */
    private synchronized <T> T read(Optional<Link> session, Words words, Reader<T> reader) {
        if (!ready.equals(session)) {
            throw new CompletionException(unreachable());
        }
        try {
            var read = reader.read(words);
            words.end();
            return read;
        } catch (Words.Misspelt e) {
            throw new CompletionException(new CgnException(CgnError.INTERNAL, e));
        }
    }

    @Override
    public synchronized void onDeletedSubscriber(Consumer<SubscriberHandle> callback) {
        deletedSubscriber = callback;
    }

    @Override
    public synchronized CompletionStage<List<PoolRange>> listPcpPool() {
        return ask("list-pcp-pool", Words::pool);
    }

    @Override
    public synchronized CompletionStage<Subscriber> getSubscriber(SubscriberId id) {
        return ask("get-subscriber " + id, words -> subscriber(id, words));
    }

    @Override
    public synchronized CompletionStage<Subscriber> createSubscriber(SubscriberId id, PcpAddress external) {
        return ask("create-subscriber " + id + " " + external, words -> subscriber(id, words));
    }

    private Subscriber subscriber(SubscriberId id, Words words) throws Words.Misspelt {
        return mirror.keep(words.next(), id, words.address());
    }

    private static <T> CompletionStage<T> dead() {
        return failedFuture(new CgnException(CgnError.INVALID_ARGUMENT));
    }

    @Override
    public synchronized CompletionStage<PcpMapHandle> createPcpMapping(CgnMapping wanted) {
        if (!mirror.has(wanted.subscriber())) {
            return dead();
        }
        var routine = "create-pcp-mapping " + flow(InternalTuple.of(wanted), wanted.external());
        return ask(routine, words -> mirror.keep(words.next(), wanted));
    }

    @Override
    public synchronized CompletionStage<Void> deletePcpMapping(PcpMapHandle mapping) {
        if (!mirror.has(mapping)) {
            return dead();
        }
        var deleted = askToDelete("delete-pcp-mapping " + mirror.name(mapping));
        mirror.remove(mapping);
        return deleted;
    }

    /** {@return when that is done} When the session is over it has been done. */
    private CompletionStage<Void> askToDelete(String routine) {
        return ready.isEmpty()
                ? completedFuture(null)
                : ask(routine).handle((_, failure) -> {
                    if (failure == null || isUnreachable(failure)) {
                        return null;
                    }
                    throw failure instanceof CompletionException e ? e : new CompletionException(failure);
                });
    }

    private static boolean isUnreachable(Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof CgnException e && e.error() == CgnError.UNREACHABLE;
    }

    @Override
    public synchronized CompletionStage<FilterHandle> createFilter(PcpMapHandle mapping, CgnFilter filter) {
        if (!mirror.has(mapping)) {
            return dead();
        }
        return ask(
                "create-filter " + mirror.name(mapping) + " " + Words.of(filter),
                words -> mirror.keep(words.next(), new Mirror.Filtered(mapping, filter)));
    }

    @Override
    public synchronized CompletionStage<FilterHandle> replaceFilter(FilterHandle old, CgnFilter filter) {
        if (!mirror.has(old)) {
            return dead();
        }
        return ask("replace-filter " + mirror.name(old) + " " + Words.of(filter), words -> {
            words.next();
            mirror.replace(old, filter);
            return old;
        });
    }

    @Override
    public synchronized CompletionStage<Void> deleteFilter(FilterHandle filter) {
        if (!mirror.has(filter)) {
            return dead();
        }
        var deleted = askToDelete("delete-filter " + mirror.name(filter));
        mirror.remove(filter);
        return deleted;
    }

    @Override
    public synchronized CompletionStage<DynamicMap> addDynamicMap(
            InternalTuple inside, Endpoint destination, Endpoint external, Lifetime lifetime) {
        if (!mirror.has(inside.subscriber())) {
            return dead();
        }
        var routine = "add-dynamic-map " + flow(inside, destination) + " " + Words.of(external, lifetime);
        return ask(routine, words -> new DynamicMap(words.endpoint(), words.lifetime()));
    }

    private String flow(InternalTuple inside, Endpoint destination) {
        return of(inside) + " " + Words.of(destination);
    }

    private String of(InternalTuple inside) {
        return mirror.name(inside.subscriber()) + " " + Words.of(inside.protocol()) + " " + Words.of(inside.internal());
    }

    @Override
    public synchronized CompletionStage<Optional<LiveTraffic>> liveTraffic(InternalTuple inside, Endpoint destination) {
        if (!mirror.has(inside.subscriber())) {
            return dead();
        }
        return ask(
                "live-traffic " + flow(inside, destination),
                words -> words.hasNext()
                        ? Optional.of(new LiveTraffic(words.endpoint(), words.lifetime()))
                        : Optional.empty());
    }

    @Override
    public synchronized CompletionStage<Void> unlockDynamic() {
        unlocked = true;
        return ask("unlock-dynamic", _ -> null);
    }

    @Override
    public synchronized List<Entry> table() {
        return mirror.table();
    }

    @Override
    public synchronized void block(SubscriberId id) {
        ask("block " + id);
    }

    @Override
    public synchronized CompletionStage<Void> deleteSubscriber(SubscriberId id, PcpAddress external) {
        return ask("delete-subscriber " + id + " " + external, _ -> null);
    }

    /** The CGN flushes what the server had. */
    @Override
    public void close() {
        keeper.close();
    }
}
