package io.portreeve.server;

import io.portreeve.server.engine.ServerEffect;
import io.portreeve.server.engine.ServerEffect.CgnCall;
import io.portreeve.server.engine.ServerEffect.Change;
import io.portreeve.server.engine.ServerEffect.Sent;
import io.portreeve.server.engine.ServerEffect.Shown;
import java.util.ArrayList;
import java.util.List;

/** What a batch of events leads to, by who does it, and for each of them in order. */
final class Effects {
    private final List<CgnCall> calls = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<Sent> sent = new ArrayList<>();
    private final List<Shown> shown = new ArrayList<>();

    void add(List<ServerEffect> effects) {
        for (var effect : effects) {
            switch (effect) {
                case CgnCall call -> calls.add(call);
                case Change change -> changes.add(change);
                case Sent message -> sent.add(message);
                case Shown answer -> shown.add(answer);
            }
        }
    }

    /** {@return the calls that were not taken yet} */
    List<CgnCall> takeCalls() {
        var taken = List.copyOf(calls);
        calls.clear();
        return taken;
    }

    /** {@return the changes that were not taken yet} */
    List<Change> takeChanges() {
        var taken = List.copyOf(changes);
        changes.clear();
        return taken;
    }

    List<Sent> sent() {
        return sent;
    }

    List<Shown> shown() {
        return shown;
    }
}
