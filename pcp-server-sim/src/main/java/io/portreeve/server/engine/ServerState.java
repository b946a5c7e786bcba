package io.portreeve.server.engine;

import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that the engine knows, and the steps that more than one of its parts takes.
 *
 * <p>A key has a mapping in the table, or work under way in {@code pendings}, or neither; each holds one place of its
 * subscriber's quota.
 */
final class ServerState {
    final ExternalPool pool;
    final Quota quota;
    final MappingTable table = new MappingTable();
    final Map<SubscriberId, Subscriber> subscribers = new HashMap<>();
    final Map<MappingKey, Pending> pendings = new LinkedHashMap<>();
    final Map<Long, Pending> calls = new HashMap<>();

    /** Deleted while calls were under way: one of their answers may still name them. */
    final Set<SubscriberHandle> deadHandles = new HashSet<>();

    final List<Unsaved> unsaved = new ArrayList<>();
    final Erasures erasures = new Erasures();
    private long lastCall;

    ServerState(ExternalPool pool, Quota quota, RestoredState restored) {
        this.pool = pool;
        this.quota = quota;
        restored.subscribers().forEach(subscriber -> subscribers.put(subscriber.id(), subscriber));
        restored.mappings().forEach(mapping -> {
            table.put(mapping);
            quota.count(mapping.key().subscriber());
        });
    }

    Pending begin(MappingKey key, Pending.Stage stage) {
        var pending = new Pending(key, stage);
        pendings.put(key, pending);
        return pending;
    }

    void call(Pending pending, CgnRoutine routine, Step step) {
        calls.put(++lastCall, pending);
        step.add(new ServerEffect.CgnCall(lastCall, routine));
    }

    /** Has the CGN delete what is in the table no longer. Its port stays ours until that is done. */
    void end(Mapping mapping, Step step) {
        end(begin(mapping.key(), new Pending.Ending(Optional.empty(), mapping)), mapping, step);
    }

    void end(Pending pending, Mapping mapping, Step step) {
        call(pending, new CgnRoutine.DeletePcpMapping(mapping.handle()), step);
    }

    void release(Mapping mapping) {
        pool.giveBack(mapping.key().protocol(), mapping.row().external());
        quota.giveBack(mapping.key().subscriber());
    }
}
