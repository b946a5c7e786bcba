package io.portreeve.server.faults;

import io.portreeve.server.engine.ServerEffect.Sent;
import io.portreeve.server.engine.ServerEvent.Asks;
import io.portreeve.server.engine.ServerEvent.CgnDone;

/** What can happen between the network and the server's engine. */
sealed interface FaultEvent {

    /** A request came from the network. */
    record Came(Asks request) implements FaultEvent {}

    /** The server's engine has decided to say something. */
    record Decided(Sent message) implements FaultEvent {}

    /** The CGN answered a call of the server's engine. */
    record Answered(CgnDone answer) implements FaultEvent {}

    /** Somebody wants other faults. */
    record Changed(Faults faults) implements FaultEvent {}

    /** Time has passed. */
    record Due() implements FaultEvent {}
}
