package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.NO_RESOURCES;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.ServerEvent.Scarce;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All that the engine knows, and the steps that more than one of its parts takes.
 *
 * <p>A key has a mapping in the table, or work under way in {@code pendings}, or neither; each holds its places of the
 * subscriber's quota.
 */
final class ServerState {
    final ServerPolicy policy;
    final Epochs epochs;
    final ExternalPool pool;
    final Quota quota;
    final HoldDown holdDown;
    final MappingTable table = new MappingTable();
    final Map<SubscriberKey, Subscriber> subscribers = new HashMap<>();
    final Map<Key, Pending> pendings = new LinkedHashMap<>();
    final List<Unsaved> unsaved = new ArrayList<>();
    final Erasures erasures = new Erasures();
    final Updates updates;
    final Calls calls = new Calls(this);
    private final RateLimit probes;

    /** Until when the CGN is certain to have the mappings of the table. */
    MonoTime cgnAliveUntil = MonoTime.NEVER;

    /** No client gets another port, whatever the pool has. */
    boolean isPoolExhausted;

    ServerState(ServerPolicy policy, Epochs epochs, ExternalPool pool, RestoredState restored) {
        this.policy = policy;
        this.epochs = epochs;
        this.pool = pool;
        probes = new RateLimit(policy.rates().probes());
        updates = new Updates(this, new Grants(this));
        quota = new Quota(policy.quota());
        holdDown = new HoldDown(policy.quota());
        restored.subscribers().forEach(subscriber -> subscribers.put(SubscriberKey.of(subscriber), subscriber));
        restored.mappings().forEach(mapping -> {
            table.put(mapping);
            quota.take(mapping.key().subscriber(), quotaOf(mapping.row()));
        });
        restored.held().stream()
                .flatMap(held -> holdDown.add(held).stream())
                .forEach(ended -> pool.giveBack(ended.protocol(), ended.external()));
    }

    void makeScarce(Scarce scarce) {
        quota.limit(scarce.quota());
        isPoolExhausted = scarce.isPoolExhausted();
    }

    /** {@return false if the CGN may have dropped what it had} */
    boolean isCgnThere(Step step) {
        return step.now.isBefore(cgnAliveUntil);
    }

    /** {@return how many places of its subscriber's quota a mapping takes} */
    static int quotaOf(MappingRow row) {
        return row.isStatic() ? 0 : row.terms().ports();
    }

    /** Adds a mapping. What is gone, and had one of its ports, must not come back beside it. */
    void add(Mapping made, Unsaved change, Step step) {
        erasures.takeBeside(made).forEach(gone -> eraseAgain(gone, step));
        table.put(made);
        step.add(new ServerEffect.Save(made.row()));
        unsaved.add(change);
    }

    void eraseAgain(Unsaved.Gone gone, Step step) {
        gone.held().forEach(held -> step.add(new ServerEffect.Hold(held)));
        step.add(new ServerEffect.Erase(gone.key()));
        unsaved.add(gone);
    }

    /** {@return true if a restart could bring back a mapping that is gone, of which {@code port} is one port} */
    boolean mayStillBeOnDisk(MappingKey port) {
        return erasures.owes(port)
                || unsaved.stream().anyMatch(change -> change instanceof Unsaved.Gone gone && gone.has(port));
    }

    /** {@return the same of any of this subscriber's mappings that {@code which} says} */
    boolean mayAnyStillBeOnDisk(SubscriberId subscriber, Predicate<MappingKey> which) {
        return erasures.owesAny(subscriber, which)
                || unsaved.stream().anyMatch(change -> change instanceof Unsaved.Gone gone && which.test(gone.key()));
    }

    MonoTime nextDue() {
        return table.nextExpiry()
                .earlier(holdDown.nextEnd())
                .earlier(erasures.due())
                .earlier(updates.nextDue())
                .earlier(calls.nextDue());
    }

    /**
     * {@return all mappings that there are} One is not in the table while the CGN changes its filter, nor while it is not certain
     * that it is deleted.
     */
    Stream<Mapping> living() {
        return Stream.concat(table.all().stream(), inHand());
    }

    /** {@return those of one subscriber} */
    Stream<Mapping> living(SubscriberId subscriber) {
        return Stream.concat(
                table.of(subscriber).stream(),
                inHand().filter(mapping -> mapping.key().subscriber().equals(subscriber)));
    }

    private Stream<Mapping> inHand() {
        var changed = pendings.values().stream().distinct().flatMap(pending -> pending.changed.stream());
        return Stream.concat(changed, unsaved.stream().flatMap(ServerState::erased));
    }

    private static Stream<Mapping> erased(Unsaved change) {
        return change instanceof Unsaved.Erased(var _, var mapping, var _) ? Stream.of(mapping) : Stream.empty();
    }

    List<MappingView> views(MonoTime now) {
        return living().map(mapping -> MappingView.of(mapping.row(), now)).toList();
    }

    boolean isSubscriber(SubscriberId id) {
        return Arrays.stream(Family.values())
                .anyMatch(family -> subscribers.containsKey(new SubscriberKey(id, family)));
    }

    Pending begin(List<? extends Key> keys, Optional<Asker> asker) {
        var pending = new Pending(keys, asker);
        keys.forEach(key -> pendings.put(key, pending));
        return pending;
    }

    /** Begins work on a mapping that is in the table no longer; its ports and its quota are the work's now. */
    Pending begin(Mapping mapping, Optional<Asker> asker) {
        var pending = begin(mapping.keys(), asker);
        pending.ports = Optional.of(Ports.of(mapping.row()));
        pending.quota = quotaOf(mapping.row());
        return pending;
    }

    /** {@return the requests that waited for it}, whose turn it is now. */
    List<Asker> end(Pending pending) {
        pending.keys.forEach(key -> pendings.remove(key, pending));
        return List.copyOf(pending.waiting());
    }

    /** A client that looks for a free port by asking for one after the other soon meets silence. RFC 6887 section 13.2. */
    void refuse(Asker asker, ResultCode result, Step step) {
        if (result == ResultCode.CANNOT_PROVIDE_EXTERNAL && !probes.take(asker.subscriber(), step.now)) {
            step.add(new ServerEffect.Ignore(asker.requestId()));
            return;
        }
        refuse(asker, result, result.recommendedLifetime(), step);
    }

    void refuse(Asker asker, ResultCode result, Lifetime lifetime, Step step) {
        asker.refusal(result, lifetime, epochs.of(asker.subscriber(), step.now)).ifPresent(step::add);
    }

    /** Answers everyone who waits for it that this came to nothing. */
    void refuseAll(Pending pending, Step step) {
        pending.asker.ifPresent(asker -> refuse(asker, NO_RESOURCES, step));
        pending.asker = Optional.empty();
        pending.waiting().forEach(asker -> refuse(asker, NO_RESOURCES, step));
        pending.waiting().clear();
    }

    /** Gives back what was never granted. What was held for its subscriber is held again. */
    void giveBack(Pending pending, Step step) {
        pending.ports.ifPresent(ports -> giveBack(ports, step));
        quota.giveBack(pending.key().subscriber(), pending.quota);
    }

    void giveBack(Ports ports, Step step) {
        for (var external : ports.all()) {
            if (holdDown.hasTaken(ports.protocol(), external)) {
                holdDown.putBack(ports.protocol(), external).forEach(ended -> release(ended, step));
            } else {
                pool.giveBack(ports.protocol(), external);
            }
        }
    }

    /** {@return the ports of a mapping that ends}, which are to be held back from the moment the CGN has it no longer. */
    List<HeldPort> hold(MappingRow row, Step step) {
        var ports = heldAfter(row, step);
        for (var held : ports) {
            holdDown.begin(held);
            step.add(new ServerEffect.Hold(held));
        }
        return ports;
    }

    /** The port that a mapping has in common with traffic is the CGN's again. */
    private List<HeldPort> heldAfter(MappingRow row, Step step) {
        return pool.covers(row) ? policy.heldAfter(row, step.now) : List.of();
    }

    /** The CGN has the mapping no longer. */
    void settle(Ports ports, Step step) {
        if (!pool.covers(ports)) {
            return;
        }
        for (var external : ports.all()) {
            holdDown.settle(ports.protocol(), external).forEach(ended -> release(ended, step));
        }
    }

    void release(HeldPort ended, Step step) {
        pool.giveBack(ended.protocol(), ended.external());
        step.add(new ServerEffect.Release(ended));
    }
}
