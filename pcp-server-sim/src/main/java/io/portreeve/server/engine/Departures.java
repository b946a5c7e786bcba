package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.NO_RESOURCES;

import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;

/** Mappings that end without a request: their lifetime is over, or their subscriber was deleted. */
final class Departures {
    private final ServerState state;

    Departures(ServerState state) {
        this.state = state;
    }

    void due(Step step) {
        for (var mapping : state.table.expired(step.now)) {
            state.table.remove(mapping);
            erase(mapping.key(), step);
            state.end(mapping, step);
        }
        if (!state.erasures.due().isAfter(step.now)) {
            repeatErasures(step);
        }
    }

    /** What has come back since then was written over the old row, and stays. */
    private void repeatErasures(Step step) {
        state.erasures.takeKeys().stream().filter(key -> !state.table.has(key)).forEach(key -> erase(key, step));
        state.erasures.takeSubscribers().stream()
                .filter(subscriber -> !state.subscribers.containsKey(subscriber))
                .forEach(subscriber -> forget(subscriber, step));
    }

    private void erase(MappingKey key, Step step) {
        step.add(new ServerEffect.Erase(key));
        state.unsaved.add(new Unsaved.Gone(key));
    }

    private void forget(SubscriberId subscriber, Step step) {
        step.add(new ServerEffect.Forget(subscriber));
        state.unsaved.add(new Unsaved.Forgotten(subscriber));
    }

    void subscriberDeleted(SubscriberHandle handle, Step step) {
        if (!state.calls.isEmpty()) {
            state.deadHandles.add(handle);
        }
        state.subscribers.values().stream()
                .filter(subscriber -> subscriber.handle().equals(handle))
                .findFirst()
                .map(Subscriber::id)
                .ifPresent(id -> depart(id, step));
    }

    private void depart(SubscriberId id, Step step) {
        state.subscribers.remove(id);
        refuseUnsaved(id, step);
        cancelPending(id, step);
        for (var mapping : state.table.of(id)) {
            state.table.remove(mapping);
            state.release(mapping);
            erase(mapping.key(), step);
        }
        forget(id, step);
    }

    /** What was granted since the last commit is not to be answered with success. */
    private void refuseUnsaved(SubscriberId id, Step step) {
        state.unsaved.removeIf(change -> switch (change) {
            case Unsaved.Added(var asked, var _) -> refuse(asked, id, step);
            case Unsaved.Renewed(var asked, var _, var _) -> refuse(asked, id, step);
            case Unsaved.Erased(var pending, var _) -> pending.key.subscriber().equals(id); // refused with its pending
            case Unsaved.Gone _, Unsaved.Forgotten _ -> false;
        });
    }

    private static boolean refuse(Asked asked, SubscriberId id, Step step) {
        boolean refused = asked.subscriber().equals(id);
        if (refused) {
            step.refuse(asked.requestId(), NO_RESOURCES);
        }
        return refused;
    }

    private void cancelPending(SubscriberId id, Step step) {
        var cancelled = state.pendings.values().stream()
                .filter(pending -> pending.key.subscriber().equals(id))
                .toList();
        for (var pending : cancelled) {
            state.pendings.remove(pending.key);
            state.calls.values().remove(pending);
            pending.held().ifPresent(external -> state.pool.giveBack(pending.key.protocol(), external));
            state.quota.giveBack(id);
            pending.refuseAll(step);
            erase(pending.key, step); // its row may still be there, if it was being erased
        }
    }
}
