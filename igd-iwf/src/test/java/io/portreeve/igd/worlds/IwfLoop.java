package io.portreeve.igd.worlds;

import io.portreeve.client.MappingView;
import io.portreeve.igd.iwf.Interworking;
import io.portreeve.igd.iwf.IwfEffect;
import io.portreeve.igd.iwf.IwfEvent;
import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.igd.nat.LocalNat;
import io.portreeve.igd.store.PortMappingStore;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.MonoTime;
import io.portreeve.storage.StorageException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** Runs the interworking as the gateway does, and shows everything it does around it. */
final class IwfLoop {
    private final Interworking engine;
    private final PortMappingStore store;
    private final Consumer<IwfEffect> world;

    /** @param world does what is not stored */
    IwfLoop(IwfPolicy policy, PortMappingStore store, Consumer<IwfEffect> world) {
        engine = new Interworking(policy);
        this.store = store;
        this.world = world;
    }

    /** @param kept what the client has */
    void start(Collection<MappingView> kept, LocalNat nat, MonoTime now) throws NetfilterException, StorageException {
        var first = engine.start(store.load(now), kept, now);
        nat.start(engine.natRules());
        store(List.of(), engine.updateIdAfter(1), now);
        perform(first, now);
    }

    MonoTime nextDue() {
        return engine.nextDue();
    }

    /** Everything that came in, in one batch. */
    void handle(List<IwfEvent> events, MonoTime now) {
        var effects = new ArrayList<IwfEffect>();
        events.forEach(event -> effects.addAll(engine.handle(event, now)));
        effects.addAll(engine.handle(new IwfEvent.Due(), now));
        perform(effects, now);
    }

    private void perform(List<IwfEffect> effects, MonoTime now) {
        var stored = new ArrayList<IwfEffect.Stored>();
        for (var effect : effects) {
            if (effect instanceof IwfEffect.Stored change) {
                stored.add(change);
            } else {
                world.accept(effect);
            }
        }
        if (!stored.isEmpty()) {
            boolean saved = store(stored, engine.updateIdAfter(stored.size()), now);
            var next = new ArrayList<IwfEffect>();
            stored.forEach(change -> next.addAll(engine.handle(new IwfEvent.Saved(change.id(), saved), now)));
            perform(next, now);
        }
    }

    private boolean store(List<IwfEffect.Stored> changes, long updateId, MonoTime now) {
        try {
            store.write(changes, updateId, now);
            return true;
        } catch (StorageException e) {
            return false;
        }
    }
}
