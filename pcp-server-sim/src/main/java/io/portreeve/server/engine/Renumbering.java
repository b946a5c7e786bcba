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
    private final Map<SubscriberKey, Order> wanted = new HashMap<>();

    /** Those whose new address the CGN is being asked for. */
    private final Set<SubscriberKey> moves = new HashSet<>();

    private record Order(long id, PcpAddress external) {
        ServerEffect answer(Move outcome) {
            return new ServerEffect.Renumbered(id, outcome);
        }
    }

    /** @param pendings the work on each of what is {@code left} */
    private record Moving(SubscriberKey subscriber, MoveProgress progress, List<Pending> pendings, List<Mapping> left) {

        Moving orderedAgain(Order order) {
            var anew = new MoveProgress(order.id(), subscriber.subscriber(), left.size());
            pendings.forEach(pending -> pending.asker = Optional.of(anew));
            return new Moving(subscriber, anew, pendings, left);
        }
    }

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
    void expect(long orderId, SubscriberId id, PcpAddress external, Step step) {
        var subscriber = SubscriberKey.of(id, external);
        var order = new Order(orderId, external);
        if (state.subscribers.containsKey(subscriber) || moves.contains(subscriber)) {
            overtaken(wanted.put(subscriber, order), step);
        } else {
            step.add(order.answer(new Move.Nobody()));
        }
    }

    /** @param earlier null if there is none */
    private static void overtaken(Order earlier, Step step) {
        if (earlier != null) {
            step.add(earlier.answer(new Move.Overtaken()));
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
        var order = wanted.remove(subscriber);
        var id = subscriber.subscriber();
        step.add(new ServerEffect.SaveOwnEpoch(id, state.epochs.reset(id, step.now)));
        state.unsaved.add(new Unsaved.EpochReset());
        if (left.isEmpty()) {
            forget(subscriber, step);
        }
        var progress = new MoveProgress(order.id(), id, left.size());
        var pendings = left.stream().map(mapping -> begin(mapping, progress)).toList();
        moves.add(subscriber);
        ask(new Moving(subscriber, progress, pendings, left), order.external(), step);
    }

    private void ask(Moving moving, PcpAddress external, Step step) {
        var subscriber = moving.subscriber();
        var asking = state.begin(List.of(subscriber), Optional.of(moving.progress()));
        var routine = new CgnRoutine.CreateSubscriber(subscriber.subscriber(), external);
        state.calls.ask(asking, List.of(routine), step, (answers, later) -> {
            work.finish(asking, later);
            var known = known(answers.getFirst());
            boolean isDead = known.map(Subscriber::handle)
                    .filter(state.calls.deadHandles::contains)
                    .isPresent();
            var again = wanted.remove(subscriber);
            if (isDead && again != null) {
                moving.progress().overtaken(later);
                ask(moving.orderedAgain(again), again.external(), later);
            } else {
                overtaken(again, later);
                moves.remove(subscriber);
                tell(moving.progress(), answers.getFirst(), isDead, later);
                move(moving, isDead ? Optional.empty() : known, later);
            }
        });
    }

    private static void tell(MoveProgress progress, CgnAnswer answer, boolean isDead, Step step) {
        if (isDead) {
            progress.overtaken(step);
        } else if (answer instanceof CgnAnswer.Failed(var error)) {
            progress.addressRefused(error, step);
        } else {
            progress.addressGiven(step);
        }
    }

    private void move(Moving moving, Optional<Subscriber> known, Step step) {
        known.ifPresent(subscriber -> {
            state.subscribers.put(SubscriberKey.of(subscriber), subscriber);
            if (subscriber.external().isIpv4()) {
                announcer.announceAddressOf(subscriber.id(), step);
            }
        });
        for (int i = 0; i < moving.left().size(); i++) {
            move(
                    moving.progress(),
                    moving.pendings().get(i),
                    moving.left().get(i).row(),
                    known,
                    step);
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

    private void move(MoveProgress progress, Pending pending, MappingRow row, Optional<Subscriber> known, Step step) {
        known.ifPresentOrElse(
                subscriber -> place(progress, pending, row, subscriber, step),
                () -> lose(progress, pending, row, NO_RESOURCES, step));
    }

    private Pending begin(Mapping mapping, MoveProgress progress) {
        var pending = state.begin(mapping.keys(), Optional.of(progress));
        pending.quota = ServerState.quotaOf(mapping.row());
        return pending;
    }

    private void place(MoveProgress progress, Pending pending, MappingRow row, Subscriber subscriber, Step step) {
        var ports = takePorts(row, subscriber.external());
        if (ports.isEmpty()) {
            lose(progress, pending, row, row.terms().exact() ? CANNOT_PROVIDE_EXTERNAL : NO_RESOURCES, step);
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
                    state.add(mapping, new Unsaved.Moved(mapping, progress), later);
                    work.finish(pending, later);
                },
                (refusal, later) -> lose(progress, pending, row, refusal.result(), later));
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

    private void lose(MoveProgress progress, Pending pending, MappingRow row, ResultCode why, Step step) {
        progress.lost(step);
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
