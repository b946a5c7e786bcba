package io.portreeve.igd.gateway;

import io.portreeve.igd.iwf.Interworking;
import io.portreeve.igd.iwf.IwfEffect;
import io.portreeve.igd.iwf.IwfEvent;
import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.Owned;
import java.util.ArrayList;
import java.util.List;

/** Runs the interworking over what has happened; one commit stores the changes of a whole batch. */
final class GatewayLoop implements Owned<IwfEvent> {
    private final Interworking engine;
    private final World world;

    GatewayLoop(Interworking engine, World world) {
        this.engine = engine;
        this.world = world;
    }

    @Override
    public MonoTime nextDue() {
        return engine.nextDue();
    }

    @Override
    public void handle(List<IwfEvent> events, MonoTime now) {
        var effects = new ArrayList<IwfEffect>();
        events.forEach(event -> effects.addAll(engine.handle(event, now)));
        effects.addAll(engine.handle(new IwfEvent.Due(), now));
        perform(effects, now);
    }

    void perform(List<IwfEffect> effects, MonoTime now) {
        var stored = new ArrayList<IwfEffect.Stored>();
        for (var effect : effects) {
            if (effect instanceof IwfEffect.Stored change) {
                stored.add(change);
            } else {
                world.perform(effect);
            }
        }
        if (!stored.isEmpty()) {
            boolean saved = world.store(stored, engine.updateIdAfter(stored.size()), now);
            var next = new ArrayList<IwfEffect>();
            stored.forEach(change -> next.addAll(engine.handle(new IwfEvent.Saved(change.id(), saved), now)));
            perform(next, now);
        }
    }
}
