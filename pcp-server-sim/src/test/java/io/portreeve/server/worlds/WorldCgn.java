package io.portreeve.server.worlds;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Cgn;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.CgnException;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.DynamicMap;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.FilterHandle;
import io.portreeve.server.cgn.InternalTuple;
import io.portreeve.server.cgn.LiveTraffic;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.worlds.checker.CgnRow;
import io.portreeve.server.worlds.checker.Checker;
import io.portreeve.server.worlds.checker.Who;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualProcess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What one server sees of the CGN: every call takes effect at once, but its answer may be late, may come after answers to later
 * calls, and may be a refusal. A server that starts waits for each answer, so these come at once.
 */
final class WorldCgn implements Cgn {
    private static final List<CgnError> REFUSALS =
            List.of(CgnError.NO_RESOURCES, CgnError.COLLISION, CgnError.INTERNAL, CgnError.NOT_AUTHORIZED);

    private final Cgn inner;
    private final Parts parts;
    private final CgnHost host;
    private final Checker checker;
    private final VirtualProcess server;
    private final Map<SubscriberHandle, PcpAddress> known = new HashMap<>();
    private final Map<PcpMapHandle, CgnRow> made = new HashMap<>();
    private final Map<FilterHandle, Who> filters = new HashMap<>();
    private boolean unlocked;

    WorldCgn(Parts parts, VirtualProcess server) {
        this.parts = parts;
        this.server = server;
        host = parts.cgn;
        checker = parts.checker;
        inner = host.connect();
    }

    @Override
    public void onDeletedSubscriber(Consumer<SubscriberHandle> callback) {
        checker.called("onDeletedSubscriber");
        inner.onDeletedSubscriber(handle -> {
            known.remove(handle);
            callback.accept(handle);
        });
    }

    @Override
    public CompletionStage<List<PoolRange>> listPcpPool() {
        checker.called("listPcpPool");
        return inner.listPcpPool();
    }

    @Override
    public CompletionStage<Subscriber> getSubscriber(SubscriberId id) {
        parts.trace.add("getSubscriber", id, id.address().low());
        checker.called("getSubscriber");
        return asked(() -> known(inner.getSubscriber(id)), () -> {});
    }

    @Override
    public CompletionStage<Subscriber> createSubscriber(SubscriberId id, PcpAddress external) {
        parts.trace.add("createSubscriber", id, id.address().low());
        checker.createsSubscriber(id.address(), external);
        return asked(() -> known(inner.createSubscriber(id, external)), () -> checker.refusedAtStart(id.address()));
    }

    private CompletionStage<Subscriber> known(CompletionStage<Subscriber> answer) {
        return answer.whenComplete((subscriber, failure) -> {
            if (failure == null) {
                known.put(subscriber.handle(), subscriber.id().address());
            }
        });
    }

    @Override
    public CompletionStage<PcpMapHandle> createPcpMapping(CgnMapping mapping) {
        parts.trace.add("createPcpMapping", mapping, mapping.external().port());
        var owner = known.get(mapping.subscriber());
        if (owner == null) {
            return answer(inner.createPcpMapping(mapping)); // deleted, and the server does not know it yet
        }
        var row = row(owner, mapping);
        checker.createsMapping(row);
        return asked(() -> made(row, inner.createPcpMapping(mapping)), () -> checker.refusedAtStart(row.who()));
    }

    private CompletionStage<PcpMapHandle> made(CgnRow row, CompletionStage<PcpMapHandle> answer) {
        return answer.whenComplete((handle, failure) -> {
            if (failure == null) {
                host.changed();
                made.put(handle, row);
                checker.takesFilter(row.who());
            } else if (!unlocked) {
                checker.refusedAtStart(row.who()); // as one that was left behind in a move
            }
        });
    }

    private static CgnRow row(PcpAddress owner, CgnMapping mapping) {
        var internal = mapping.internal();
        return new CgnRow(
                new Who(owner, mapping.protocol(), internal.address(), internal.port()),
                new Station(mapping.external().address(), mapping.external().port()));
    }

    @Override
    public CompletionStage<Void> deletePcpMapping(PcpMapHandle mapping) {
        parts.trace.add("deletePcpMapping", mapping, mapping.number());
        checker.called("deletePcpMapping");
        Optional.ofNullable(made.remove(mapping)).ifPresent(checker::deletesMapping);
        host.changed();
        return answer(inner.deletePcpMapping(mapping));
    }

    @Override
    public CompletionStage<FilterHandle> createFilter(PcpMapHandle mapping, CgnFilter filter) {
        parts.trace.add("createFilter", filter, mapping.number());
        checker.called("createFilter");
        var row = Optional.ofNullable(made.get(mapping)).map(CgnRow::who);
        return asked(
                () -> filtered(row, inner.createFilter(mapping, filter)),
                () -> row.ifPresent(checker::refusedAtStart),
                () -> row.ifPresent(checker::refusesFilter));
    }

    @Override
    public CompletionStage<FilterHandle> replaceFilter(FilterHandle old, CgnFilter filter) {
        parts.trace.add("replaceFilter", filter, old.number());
        checker.called("replaceFilter");
        var row = Optional.ofNullable(filters.get(old));
        return asked(
                () -> filtered(row, inner.replaceFilter(old, filter)),
                () -> {},
                () -> row.ifPresent(checker::refusesFilter));
    }

    @Override
    public CompletionStage<Void> deleteFilter(FilterHandle filter) {
        parts.trace.add("deleteFilter", filter, filter.number());
        checker.called("deleteFilter");
        Optional.ofNullable(filters.remove(filter)).ifPresent(checker::takesFilter);
        return answer(inner.deleteFilter(filter));
    }

    @Override
    public CompletionStage<DynamicMap> addDynamicMap(
            InternalTuple inside, Endpoint destination, Endpoint external, Lifetime lifetime) {
        parts.trace.add("addDynamicMap", inside.internal(), destination.port());
        checker.called("addDynamicMap");
        return asked(() -> inner.addDynamicMap(inside, destination, external, lifetime), () -> {});
    }

    @Override
    public CompletionStage<Optional<LiveTraffic>> liveTraffic(InternalTuple inside, Endpoint destination) {
        checker.called("liveTraffic");
        return asked(() -> inner.liveTraffic(inside, destination), () -> {});
    }

    @Override
    public CompletionStage<Void> unlockDynamic() {
        checker.unlocks();
        host.unlocked();
        unlocked = true;
        return inner.unlockDynamic();
    }

    private CompletionStage<FilterHandle> filtered(Optional<Who> row, CompletionStage<FilterHandle> answer) {
        return answer.whenComplete((handle, failure) -> {
            if (failure == null) {
                row.ifPresent(who -> {
                    filters.put(handle, who);
                    checker.takesFilter(who);
                });
            }
        });
    }

    private <T> CompletionStage<T> asked(Supplier<CompletionStage<T>> call, Runnable atStart) {
        return asked(call, atStart, () -> {});
    }

    /**
     * @param atStart told if the CGN refuses while the server starts
     * @param refused told if it refuses, whenever
     */
    private <T> CompletionStage<T> asked(Supplier<CompletionStage<T>> call, Runnable atStart, Runnable refused) {
        server.step();
        if (!parts.chance.happens(host.mood().refusals())) {
            return answer(call.get());
        }
        refused.run();
        if (!unlocked) {
            parts.reached.add("lost in the start");
            atStart.run();
        }
        return answer(CompletableFuture.failedFuture(new CgnException(parts.chance.oneOf(REFUSALS))));
    }

    private <T> CompletionStage<T> answer(CompletionStage<T> now) {
        server.step();
        var delay = parts.chance.within(host.mood().longestDelay());
        if (!unlocked || delay.isZero()) {
            return now;
        }
        var later = new CompletableFuture<T>();
        parts.time.after(
                delay,
                server.inThisLife(() -> now.whenComplete((answer, failure) -> {
                    if (failure == null) {
                        later.complete(answer);
                    } else {
                        later.completeExceptionally(failure);
                    }
                })));
        return later;
    }

    @Override
    public void close() {
        // the world ends it
    }
}
