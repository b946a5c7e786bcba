package io.portreeve.igd.gateway;

import io.portreeve.client.MappingView;
import io.portreeve.igd.iwf.Interworking;
import io.portreeve.igd.iwf.IwfEffect;
import io.portreeve.igd.iwf.IwfEvent;
import io.portreeve.igd.iwf.Reading;
import io.portreeve.igd.iwf.StoredTable;
import io.portreeve.igd.nat.LocalNat;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.MonoClock;
import io.portreeve.runtime.Owned;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Runs the interworking over what has happened; one commit stores the changes of a whole batch. */
final class GatewayLoop implements Owned<IwfEvent> {

    /** Does what the interworking wants done. */
    interface Surroundings {
        /** {@return true if all {@code changes} are on disk now, false if none is} */
        boolean store(List<IwfEffect.Stored> changes, long updateId, MonoTime now);

        /** From now on this is what may be read; replies that follow it were made knowing no more. */
        void readable(Reading reading);

        /** @param effect what is not stored */
        void perform(IwfEffect effect);
    }

    private final Interworking engine;
    private final Surroundings world;

    GatewayLoop(Interworking engine, Surroundings world) {
        this.engine = engine;
        this.world = world;
    }

    /**
     * Goes on with what an earlier run left.
     *
     * @param kept what the PCP client keeps from it
     * @throws NetfilterException if the gateway's own NAT cannot be had
     */
    void start(StoredTable stored, Collection<MappingView> kept, LocalNat nat, MonoClock clock)
            throws NetfilterException {
        var first = engine.start(stored, kept, clock.now());
        nat.start(engine.natRules());
        world.store(List.of(), engine.updateIdAfter(1), clock.now()); // what is told now, no later start tells
        perform(first, clock.now());
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

    private void perform(List<IwfEffect> effects, MonoTime now) {
        world.readable(engine.reading()); // before any reply: who has one must not read what was before it
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
