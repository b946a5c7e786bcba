package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Moves the mappings of a subscriber to another external address. Source: RFC 6887 sections 8.5, 14.2. */
final class Renumbering {
    private final ServerState state;
    private final Work work;
    private final Creation creation;
    private final Announcer announcer;
    private final RandomGenerator random;
    private final Map<SubscriberKey, PcpAddress> wanted = new HashMap<>();

    /** Those whose new address the CGN is being asked for. */
    private final Set<SubscriberKey> moves = new HashSet<>();

    /** @param pendings the work on each of what is {@code left} */
    private record Moving(SubscriberKey subscriber, List<Pending> pendings, List<Mapping> left) {}

    Renumbering(ServerState state, Work work, Creation creation, Announcer announcer, RandomGenerator random) {
        this.state = state;
        this.work = work;
        this.creation = creation;
        this.announcer = announcer;
        this.random = random;
    }

    /**
     * From now on the deletion of this subscriber means that it moves; one who is not there will not be deleted for that. It
     * keeps its address of the other family.
     */
    void expect(SubscriberId id, PcpAddress external) {
        var subscriber = SubscriberKey.of(id, external);
        if (state.subscribers.containsKey(subscriber) || moves.contains(subscriber)) {
            wanted.put(subscriber, external);
        }
    }

    boolean isExpected(SubscriberKey subscriber) {
        return wanted.containsKey(subscriber);
    }

    /** Nothing waits any more for where this subscriber is to move. */
    void cancel(SubscriberKey subscriber) {
        moves.remove(subscriber);
    }

    /** The CGN has deleted the subscriber, and {@code left} are the mappings it had, which are in the table no longer. */
    void move(SubscriberKey subscriber, List<Mapping> left, Step step) {
        var external = wanted.remove(subscriber);
        var id = subscriber.subscriber();
        step.add(new ServerEffect.SaveOwnEpoch(id, state.epochs.reset(id, step.now)));
        state.unsaved.add(new Unsaved.EpochReset());
        if (left.isEmpty()) {
            forget(subscriber, step);
        }
        var moving = new Moving(subscriber, left.stream().map(this::begin).toList(), left);
        moves.add(subscriber);
        ask(moving, external, step);
    }

    private void ask(Moving moving, PcpAddress external, Step step) {
        var subscriber = moving.subscriber();
        var asking = state.begin(List.of(subscriber), Optional.empty());
        var routine = new CgnRoutine.CreateSubscriber(subscriber.subscriber(), external);
        state.calls.ask(asking, List.of(routine), step, (answers, later) -> {
            work.finish(asking, later);
            var known = known(answers.getFirst());
            boolean isDead = known.map(Subscriber::handle)
                    .filter(state.calls.deadHandles::contains)
                    .isPresent();
            var again = wanted.remove(subscriber);
            if (isDead && again != null) {
                ask(moving, again, later);
            } else {
                moves.remove(subscriber);
                move(moving, isDead ? Optional.empty() : known, later);
            }
        });
    }

    private void move(Moving moving, Optional<Subscriber> known, Step step) {
        known.ifPresent(subscriber -> {
            state.subscribers.put(SubscriberKey.of(subscriber), subscriber);
            if (subscriber.external().isIpv4()) {
                announcer.announceAddressOf(subscriber.id(), step);
            }
        });
        for (int i = 0; i < moving.left().size(); i++) {
            move(moving.pendings().get(i), moving.left().get(i).row(), known, step);
        }
    }

    /** What it has, or is about to have, is stored with the address that it has now. */
    private boolean hasNothing(SubscriberKey subscriber) {
        return state.table.of(subscriber.subscriber()).stream()
                        .noneMatch(mapping -> mapping.key().owner().equals(subscriber))
                && state.pendings.keySet().stream().noneMatch(key -> key.isOf(subscriber));
    }

    /** A restart would bring back the address that it had. */
    private void forget(SubscriberKey subscriber, Step step) {
        step.add(new ServerEffect.Forget(subscriber));
        state.unsaved.add(new Unsaved.Forgotten(subscriber));
    }

    private static Optional<Subscriber> known(CgnAnswer answer) {
        return answer instanceof CgnAnswer.Known(var subscriber) ? Optional.of(subscriber) : Optional.empty();
    }

    private void move(Pending pending, MappingRow row, Optional<Subscriber> known, Step step) {
        known.ifPresentOrElse(
                subscriber -> place(pending, row, subscriber, step), () -> lose(pending, row, NO_RESOURCES, step));
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
                    state.add(mapping, new Unsaved.Moved(mapping), later);
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
        state.unsaved.add(Unsaved.Gone.of(row, List.of()));
        state.updates.tellLost(row, why, step);
        work.finish(pending, step);
        if (hasNothing(row.key().owner())) {
            forget(row.key().owner(), step);
        }
    }
}
