package io.portreeve.client.worlds.checker;

import io.portreeve.client.MappingKey;
import io.portreeve.worlds.InvariantBroken;
import java.util.ArrayList;
import java.util.List;

/** What an event obliges the client to decide before it is over, and what it allows. */
final class Debts {

    /** What the client owes to somebody. */
    enum Kind {
        REQUEST,
        /** Telling where the mapping is now. */
        ENDPOINT,
        /** Telling that it is no more. */
        LOSS,
        ERASURE
    }

    private record Debt(Kind kind, MappingKey key) {}

    private final List<Debt> owed = new ArrayList<>();
    private boolean mayAct;
    private boolean mayForget;

    /** The event is for the client. */
    void allowActing() {
        mayAct = true;
    }

    /** The event may end a mapping. */
    void allowForgetting() {
        mayForget = true;
    }

    void owe(Kind kind, MappingKey key) {
        owed.add(new Debt(kind, key));
    }

    void pay(Kind kind, MappingKey key) {
        owed.remove(new Debt(kind, key));
    }

    void act() {
        if (!mayAct) {
            throw new InvariantBroken("foreign", "the client acts on what is not for it");
        }
    }

    void forget(MappingKey key) {
        act();
        if (!mayForget) {
            throw new InvariantBroken("forgotten", key + " without a reason");
        }
        pay(Kind.ERASURE, key);
    }

    /** The event is over. */
    void settled() {
        if (!owed.isEmpty()) {
            throw new InvariantBroken("owed", owed.toString());
        }
        mayAct = false;
        mayForget = false;
    }

    /** There is nobody to demand anything from. */
    void cancelAll() {
        owed.clear();
        settled();
    }
}
