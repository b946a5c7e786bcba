package io.portreeve.server;

import io.portreeve.runtime.MonoClock;
import io.portreeve.server.cgn.Cgn;
import io.portreeve.server.engine.ExternalPool;
import io.portreeve.server.engine.ServerEngine;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.engine.ServerEvent.SubscriberDeleted;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.store.ServerStore;
import io.portreeve.storage.StorageException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * An engine that may begin to answer: what an earlier server had granted is in the CGN again.
 *
 * @param restored how many mappings were brought back
 * @param isLoss clients may have mappings that this server does not know
 */
record Startup(ServerEngine engine, ServerEpoch epoch, int restored, boolean isLoss) {

    /**
     * Waits for the CGN, in the order that leaves no moment in which a mapping that was granted is not there.
     *
     * @param inbox what the CGN tells unasked
     */
    static Startup of(
            ServerPolicy policy,
            Cgn cgn,
            ServerStore store,
            MonoClock clock,
            RandomGenerator random,
            Consumer<ServerEvent> inbox)
            throws StorageException {
        cgn.onDeletedSubscriber(handle -> inbox.accept(new SubscriberDeleted(handle)));
        var pool = new ExternalPool(cgn.listPcpPool().toCompletableFuture().join());
        var now = clock.now();
        var stored = store.load();
        var restoration = Restoration.of(stored, policy, cgn, pool, now);
        var state = restoration.state();
        var epoch = restoration.epoch(stored);
        store.replaceAll(epoch, state);
        cgn.unlockDynamic().toCompletableFuture().join();
        var engine = new ServerEngine(policy, epoch, pool, state, random);
        return new Startup(engine, epoch, state.mappings().size(), restoration.isLoss());
    }
}
