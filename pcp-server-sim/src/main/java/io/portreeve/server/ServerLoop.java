package io.portreeve.server;

import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.Owned;
import io.portreeve.server.engine.ServerEffect.Change;
import io.portreeve.server.engine.ServerEffect.Sent;
import io.portreeve.server.engine.ServerEffect.Shown;
import io.portreeve.server.engine.ServerEngine;
import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.engine.ServerEvent.Due;
import io.portreeve.server.engine.ServerEvent.NotSaved;
import io.portreeve.server.engine.ServerEvent.Saved;
import io.portreeve.server.store.ServerStore;
import io.portreeve.storage.StorageException;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A batch of events: all their CGN calls start, all their rows go into one commit, and only then are they answered. */
final class ServerLoop implements Owned<ServerEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(ServerLoop.class);

    private final ServerEngine engine;
    private final CgnCalls cgn;
    private final ServerStore store;
    private final Consumer<List<Sent>> network;
    private final Consumer<Shown> operator;
    private boolean writable = true;

    ServerLoop(
            ServerEngine engine,
            CgnCalls cgn,
            ServerStore store,
            Consumer<List<Sent>> network,
            Consumer<Shown> operator) {
        this.engine = engine;
        this.cgn = cgn;
        this.store = store;
        this.network = network;
        this.operator = operator;
    }

    @Override
    public MonoTime nextDue() {
        return engine.nextDue();
    }

    @Override
    public void handle(List<ServerEvent> events, MonoTime now) {
        var effects = new Effects();
        effects.add(engine.handle(new Due(), now)); // first: what has expired is not to be renewed
        for (var event : events) {
            effects.add(engine.handle(event, now));
        }
        effects.takeCalls().forEach(cgn::start);
        for (var changes = effects.takeChanges(); !changes.isEmpty(); changes = effects.takeChanges()) {
            effects.add(engine.handle(commit(changes), now)); // who has waited for this may change more
            effects.takeCalls().forEach(cgn::start);
        }
        network.accept(effects.sent());
        effects.shown().forEach(operator);
    }

    private ServerEvent commit(List<Change> changes) {
        try {
            store.commit(changes);
            if (!writable) {
                LOG.info("the state can be written again");
            }
            writable = true;
            return new Saved();
        } catch (StorageException e) {
            if (writable) {
                LOG.error("{}; nothing is granted until it can be written again", e.getMessage());
            }
            writable = false;
            return new NotSaved();
        }
    }
}
