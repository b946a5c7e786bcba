package io.portreeve.server;

import io.portreeve.runtime.MonoClock;
import io.portreeve.runtime.Owned;
import io.portreeve.server.cgn.Cgn;
import io.portreeve.server.engine.ServerEffect.Sent;
import io.portreeve.server.engine.ServerEffect.Shown;
import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.engine.ServerEvent.StateLost;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.store.ServerStore;
import io.portreeve.storage.StorageException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** A whole server but for its sockets and its thread: what starts it, and what makes its batches, is the real code. */
public final class WorldServer {
    private WorldServer() {}

    /**
     * {@return what its thread would own}
     *
     * @param inbox for what the CGN says
     * @param operator hears what becomes of orders
     */
    public static Owned<ServerEvent> start(
            ServerPolicy policy,
            Cgn cgn,
            ServerStore store,
            MonoClock clock,
            RandomGenerator random,
            Consumer<ServerEvent> inbox,
            Consumer<Sent> network,
            Consumer<Shown> operator)
            throws StorageException {
        var startup = Startup.of(policy, cgn, store, clock, random, inbox);
        if (startup.isLoss()) {
            inbox.accept(new StateLost());
        }
        return new ServerLoop(
                startup.engine(), new CgnCalls(cgn, inbox), store, sent -> sent.forEach(network), operator);
    }
}
