package io.portreeve.igd.iwf;

import java.util.ArrayList;
import java.util.List;

/** The effects of the event at hand, in order, and the numbers by which their outcomes come back. */
final class Outbox {
    private final List<IwfEffect> effects = new ArrayList<>();
    private final Grants grants;
    private long lastId;

    /** @param grants takes note of all that is asked of PCP */
    Outbox(Grants grants) {
        this.grants = grants;
    }

    long nextId() {
        return ++lastId;
    }

    void add(IwfEffect effect) {
        grants.note(effect);
        effects.add(effect);
    }

    void reply(long call, IgdReply reply) {
        effects.add(new IwfEffect.Reply(call, reply));
    }

    void fail(long call, IgdError error) {
        reply(call, new IgdReply.Failed(error));
    }

    List<IwfEffect> drain() {
        var drained = List.copyOf(effects);
        effects.clear();
        return drained;
    }
}
