package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** Moves the mappings of a subscriber to another external address. Source: RFC 6887 sections 8.5, 14.2. */
final class Renumbering {
    private final ServerState state;
    private final Work work;
    private final Creation creation;
    private final Grants grants;
    private final Announcer announcer;
    private final RandomGenerator random;
    private final Map<SubscriberKey, PcpAddress> wanted = new HashMap<>();

    Renumbering(
            ServerState state,
            Work work,
            Creation creation,
            Grants grants,
            Announcer announcer,
            RandomGenerator random) {
        this.state = state;
        this.work = work;
        this.creation = creation;
        this.grants = grants;
        this.announcer = announcer;
        this.random = random;
    }

    /** From now on the deletion of this subscriber means that it moves. It keeps its address of the other family. */
    void expect(SubscriberId subscriber, PcpAddress external) {
        wanted.put(SubscriberKey.of(subscriber, external), external);
    }

    boolean isExpected(SubscriberKey subscriber) {
        return wanted.containsKey(subscriber);
    }

    /** The CGN has deleted the subscriber, and {@code left} are the mappings it had, which are in the table no longer. */
    void move(SubscriberKey key, List<Mapping> left, Step step) {
        var external = wanted.remove(key);
        var subscriber = key.subscriber();
        step.add(new ServerEffect.SaveOwnEpoch(subscriber, state.epochs.reset(subscriber, step.now)));
        state.unsaved.add(new Unsaved.EpochReset());
        var pendings = left.stream().map(mapping -> begin(mapping)).toList();
        var asking = state.begin(List.of(key), Optional.empty());
        var routine = new CgnRoutine.CreateSubscriber(subscriber, external);
        state.ask(asking, List.of(routine), step, (answers, later) -> {
            work.finish(asking, later);
            if (answers.getFirst() instanceof CgnAnswer.Known(var known)) {
                state.subscribers.put(SubscriberKey.of(known), known);
                announcer.announceAddressOf(known.id(), later);
            }
            for (int i = 0; i < left.size(); i++) {
                if (answers.getFirst() instanceof CgnAnswer.Known(var known)) {
                    place(pendings.get(i), left.get(i).row(), known, later);
                } else {
                    lose(pendings.get(i), left.get(i).row(), NO_RESOURCES, later);
                }
            }
        });
    }

    private Pending begin(Mapping mapping) {
        var pending = state.begin(mapping.keys(), Optional.empty());
        pending.quota = ServerState.quotaOf(mapping.row());
        return pending;
    }

    private void place(Pending pending, MappingRow row, Subscriber subscriber, Step step) {
        var ports = takePorts(row, subscriber.external());
        if (ports.isEmpty()) {
            lose(pending, row, row.terms().exact() ? CANNOT_PROVIDE_EXTERNAL : NO_RESOURCES, step);
            return;
        }
        pending.ports = ports;
        var moved = row.movedTo(ports.get().first());
        creation.create(
                pending,
                moved,
                subscriber,
                step,
                (mapping, later) -> {
                    state.table.put(mapping);
                    later.add(new ServerEffect.Save(mapping.row()));
                    state.unsaved.add(new Unsaved.Moved(mapping));
                    work.finish(pending, later);
                },
                (refusal, later) -> lose(pending, row, refusal.result(), later));
    }

    /** The same ports if they are free there; others only for a client that takes any. */
    private Optional<Ports> takePorts(MappingRow row, PcpAddress external) {
        var protocol = row.key().protocol();
        var same = row.movedTo(new Endpoint(external, row.external().port()));
        if (state.pool.takeExactly(same)) {
            return Optional.of(Ports.of(same));
        }
        if (row.terms().exact()) {
            return Optional.empty();
        }
        int count = row.terms().ports();
        return state.pool
                .takeSet(protocol, external, 0, count, OptionalInt.empty(), random)
                .filter(ports -> ports.count() == count || giveBack(ports));
    }

    private boolean giveBack(Ports ports) {
        state.pool.giveBack(ports);
        return false;
    }

    private void lose(Pending pending, MappingRow row, ResultCode why, Step step) {
        state.giveBack(pending, step);
        step.add(new ServerEffect.Erase(row.key()));
        state.unsaved.add(new Unsaved.Gone(row.key(), List.of()));
        state.updates.tellLost(row, grants.lost(row, why, step), step);
        work.finish(pending, step);
    }
}
