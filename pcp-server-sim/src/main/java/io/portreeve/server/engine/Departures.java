package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.NO_RESOURCES;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberHandle;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Mappings that end without a request: their lifetime is over, or someone above took them away. */
final class Departures {
    private final ServerState state;
    private final ExplicitMappings mappings;
    private final Peers peers;
    private final Renumbering renumbering;

    Departures(ServerState state, ExplicitMappings mappings, Peers peers, Renumbering renumbering) {
        this.state = state;
        this.mappings = mappings;
        this.peers = peers;
        this.renumbering = renumbering;
    }

    void due(Step step) {
        state.table.expired(step.now).forEach(mapping -> take(mapping, step));
        state.holdDown.ended(step.now).forEach(ended -> state.release(ended, step));
        if (!state.erasures.due().isAfter(step.now)) {
            repeatErasures(step);
        }
    }

    /** Ends {@code mapping}, whatever its client thinks. */
    void take(Mapping mapping, Step step) {
        refuseUnsaved(mapping.key(), step);
        state.table.remove(mapping);
        erase(Unsaved.Gone.of(mapping.row(), state.hold(mapping.row(), step)), step);
        mappings.end(mapping, step);
    }

    /**
     * What leads to {@code address}, or was asked for by it, ends as if its time were over. Who waits for more of it waits in
     * vain. Source: RFC 6887 section 15.
     */
    void leaseEnded(PcpAddress address, Step step) {
        for (var pending : new LinkedHashSet<>(state.pendings.values())) {
            if (concerns(pending, address)) {
                abandon(pending, step);
            }
        }
        takeAll(state.living().filter(mapping -> concerns(mapping, address)), step);
        peers.end(address, step);
    }

    private static boolean concerns(Pending pending, PcpAddress address) {
        boolean isAskedBy = pending.asker
                .filter(asker -> asker.client().address().equals(address))
                .isPresent();
        return pending.key() instanceof MappingKey key && (isAskedBy || concerns(key, address));
    }

    private static boolean concerns(Mapping mapping, PcpAddress address) {
        return mapping.row().client().address().equals(address) || concerns(mapping.key(), address);
    }

    private static boolean concerns(MappingKey key, PcpAddress address) {
        return key.subscriber().address().equals(address)
                || key.internal().address().equals(address);
    }

    /** A deletion goes on, and what the operator wants; else this tells what is being made or changed that nobody wants it. */
    private void abandon(Pending pending, Step step) {
        boolean isStatic =
                pending.asker.filter(Administration.Wanted.class::isInstance).isPresent();
        if (pending.ends || isStatic) {
            pending.waiting().forEach(asker -> refuse(asker, step));
            pending.waiting().clear();
        } else {
            state.refuseAll(pending, step);
            pending.isRevoked = true;
        }
    }

    /** Ends all of {@code living} but the static ones. */
    void takeAll(Stream<Mapping> living, Step step) {
        living.filter(mapping -> !mapping.row().isStatic()).toList().forEach(mapping -> {
            if (state.table.has(mapping.key())) {
                take(mapping, step);
            } else {
                takeFrom(state.pendings.get(mapping.key()), mapping, step);
            }
        });
    }

    /** The CGN changes its filter just now; that it ends is done when that is done. Or it ends already, and for good now. */
    private void takeFrom(Pending pending, Mapping mapping, Step step) {
        if (pending.ends) {
            pending.isRevoked = true;
            return;
        }
        refuseUnsaved(mapping.key(), step);
        erase(Unsaved.Gone.of(mapping.row(), state.hold(mapping.row(), step)), step);
        pending.changed = Optional.empty();
        pending.ends = true;
    }

    /** Its ports are nobody's to hold back: the address they are of is not this subscriber's any more. */
    private void move(SubscriberKey subscriber, Step step) {
        var mappings = mappingsOf(subscriber);
        for (var mapping : mappings) {
            remove(mapping);
            erase(Unsaved.Gone.of(mapping.row(), List.of()), step); // others may get its ports before it has new ones
        }
        renumbering.move(subscriber, mappings, step);
    }

    private List<Mapping> mappingsOf(SubscriberKey subscriber) {
        return state.table.of(subscriber.subscriber()).stream()
                .filter(mapping -> isOf(subscriber, mapping))
                .toList();
    }

    private void remove(Mapping mapping) {
        state.table.remove(mapping);
        Ports.of(mapping.row()).all().forEach(external -> leave(mapping.key().protocol(), external));
    }

    private void leave(IpProtocol protocol, Endpoint external) {
        state.holdDown.forget(protocol, external);
        state.pool.giveBack(protocol, external);
    }

    /** What was granted since the last commit, and ends before it, is neither answered with success nor undone. */
    private void refuseUnsaved(MappingKey ended, Step step) {
        state.unsaved.removeIf(change -> switch (change) {
            case Unsaved.Added(var asked, var mapping) when mapping.key().equals(ended) -> refuse(asked, step);
            case Unsaved.Renewed(var asked, var _, var after) when after.key().equals(ended) -> refuse(asked, step);
            default -> false;
        });
    }

    private boolean refuse(Asker asked, Step step) {
        state.refuse(asked, NO_RESOURCES, step);
        return true;
    }

    /** What has come back since then was written over the old row, and stays. */
    private void repeatErasures(Step step) {
        if (state.erasures.takeEpochs()) {
            state.epochs.save(step);
            state.unsaved.add(new Unsaved.EpochReset());
        }
        for (var gone : state.erasures.takeMappings()) {
            if (!state.table.has(gone.key())) {
                state.eraseAgain(gone, step);
            }
        }
        state.erasures.takeSubscribers().stream()
                .filter(subscriber -> !state.subscribers.containsKey(subscriber))
                .forEach(subscriber -> forget(subscriber, step));
    }

    private void erase(Unsaved.Gone gone, Step step) {
        step.add(new ServerEffect.Erase(gone.key()));
        state.unsaved.add(gone);
    }

    private void forget(SubscriberKey subscriber, Step step) {
        step.add(new ServerEffect.Forget(subscriber));
        state.unsaved.add(new Unsaved.Forgotten(subscriber));
    }

    void subscriberDeleted(SubscriberHandle handle, Step step) {
        if (!state.calls.isEmpty()) {
            state.calls.deadHandles.add(handle);
        }
        state.subscribers.values().stream()
                .filter(subscriber -> subscriber.handle().equals(handle))
                .findFirst()
                .map(SubscriberKey::of)
                .ifPresent(subscriber -> depart(subscriber, step));
    }

    private void depart(SubscriberKey subscriber, Step step) {
        state.subscribers.remove(subscriber);
        boolean moves = renumbering.isExpected(subscriber);
        if (moves) {
            undoUnsaved(subscriber, step);
        }
        refuseUnsaved(subscriber, step);
        if (!moves) {
            takeChanged(subscriber, step);
        }
        cancelPending(subscriber, step);
        renumbering.cancel(subscriber);
        peers.forget(subscriber, step);
        if (moves) {
            move(subscriber, step);
            return;
        }
        for (var mapping : mappingsOf(subscriber)) {
            state.table.remove(mapping);
            erase(Unsaved.Gone.of(mapping.row(), state.hold(mapping.row(), step)), step);
            state.settle(Ports.of(mapping.row()), step);
            state.quota.giveBack(subscriber.subscriber(), ServerState.quotaOf(mapping.row()));
        }
        forget(subscriber, step);
    }

    /** What was granted since the last commit is refused, and does not move with the rest. The CGN has dropped it already. */
    private void undoUnsaved(SubscriberKey subscriber, Step step) {
        for (var change : List.copyOf(state.unsaved).reversed()) {
            switch (change) {
                case Unsaved.Added(var _, var mapping) when isHere(subscriber, mapping) -> undo(mapping, step);
                case Unsaved.Renewed(var _, var before, var after)
                when isHere(subscriber, after) -> {
                    state.table.put(before);
                    step.add(new ServerEffect.Save(before.row()));
                }
                default -> {}
            }
        }
    }

    /** One that is not in the table is in the hands of a later request, which is cancelled. */
    private boolean isHere(SubscriberKey subscriber, Mapping mapping) {
        return isOf(subscriber, mapping) && state.table.has(mapping.key());
    }

    private void undo(Mapping mapping, Step step) {
        state.table.remove(mapping);
        state.giveBack(Ports.of(mapping.row()), step);
        state.quota.giveBack(mapping.key().subscriber(), ServerState.quotaOf(mapping.row()));
        erase(Unsaved.Gone.of(mapping.row(), List.of()), step);
    }

    /** What was granted since the last commit is not to be answered with success. */
    private void refuseUnsaved(SubscriberKey subscriber, Step step) {
        state.unsaved.removeIf(change -> switch (change) {
            case Unsaved.Added(var asked, var mapping) -> isOf(subscriber, mapping) && refuse(asked, step);
            case Unsaved.Renewed(var asked, var _, var after) -> isOf(subscriber, after) && refuse(asked, step);
            case Unsaved.Opened(var asked, var _, var row) -> row.owner().equals(subscriber) && refuse(asked, step);
            case Unsaved.Told(var asked, var row) -> row.key().owner().equals(subscriber) && refuse(asked, step);
            case Unsaved.Erased(var _, var mapping, var _) -> isOf(subscriber, mapping); // refused with its pending
            case Unsaved.Moved(var mapping, var progress) -> isOf(subscriber, mapping) && refuse(progress, step);
            case Unsaved.AddedStatic(var wanted, var mapping) -> isOf(subscriber, mapping) && refuse(wanted, step);
            case Unsaved.Gone _, Unsaved.Forgotten _, Unsaved.EpochReset _, Unsaved.Awaited _ -> false;
        });
    }

    private static boolean isOf(SubscriberKey subscriber, Mapping mapping) {
        return mapping.key().owner().equals(subscriber);
    }

    /** What is being changed ends like what is not: its ports are held back. */
    private void takeChanged(SubscriberKey subscriber, Step step) {
        new LinkedHashSet<>(state.pendings.values())
                .stream()
                        .filter(pending -> pending.key().isOf(subscriber))
                        .forEach(pending -> pending.changed.ifPresent(mapping -> takeFrom(pending, mapping, step)));
    }

    private void cancelPending(SubscriberKey subscriber, Step step) {
        var cancelled = new LinkedHashSet<>(state.pendings.values());
        cancelled.removeIf(pending -> !pending.key().isOf(subscriber));
        for (var pending : cancelled) {
            pending.gone = true;
            state.end(pending);
            state.refuseAll(pending, step);
            release(pending, step);
            if (pending.key() instanceof MappingKey key) {
                erase(
                        new Unsaved.Gone(key, pending.keys.size(), List.of()),
                        step); // its row may still be there, if it was being erased
            }
        }
    }

    private void release(Pending pending, Step step) {
        if (pending.ends) {
            state.quota.giveBack(pending.key().subscriber(), pending.quota);
            pending.ports.ifPresent(ports -> state.settle(ports, step));
        } else {
            state.giveBack(pending, step);
        }
    }
}
