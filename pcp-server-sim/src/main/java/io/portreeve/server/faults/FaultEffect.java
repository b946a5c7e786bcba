package io.portreeve.server.faults;

import io.portreeve.server.engine.ServerEffect.Sent;
import io.portreeve.server.engine.ServerEvent;

/** What must be done about it. */
sealed interface FaultEffect {

    /** To be given to the server's engine. */
    record HandOn(ServerEvent event) implements FaultEffect {}

    /** To be given to the network. */
    record Send(Sent message) implements FaultEffect {}

    /** To be sent twice; the exchange ends with the second. */
    record SendTwice(Sent message) implements FaultEffect {}
}
