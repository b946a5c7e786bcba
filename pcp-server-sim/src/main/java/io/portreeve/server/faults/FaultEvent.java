package io.portreeve.server.faults;

import io.portreeve.server.engine.ServerEffect.Sent;
import io.portreeve.server.engine.ServerEvent.Asks;

/** What can happen between the network and the server's engine. */
sealed interface FaultEvent {

    /** A request came from the network. */
    record Came(Asks request) implements FaultEvent {}

    /** The server's engine has decided to say something. */
    record Decided(Sent message) implements FaultEvent {}

    /** Somebody wants other faults. */
    record Changed(Faults faults) implements FaultEvent {}

    /** Time has passed. */
    record Due() implements FaultEvent {}
}
