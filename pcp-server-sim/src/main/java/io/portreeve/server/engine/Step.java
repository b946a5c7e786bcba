package io.portreeve.server.engine;

import io.portreeve.pcp.MonoTime;
import java.util.ArrayList;
import java.util.List;

/** One event being handled: its time, and what it leads to, in order. */
final class Step {
    final MonoTime now;
    private final List<ServerEffect> effects = new ArrayList<>();

    Step(MonoTime now) {
        this.now = now;
    }

    void add(ServerEffect effect) {
        effects.add(effect);
    }

    List<ServerEffect> effects() {
        return effects;
    }
}
