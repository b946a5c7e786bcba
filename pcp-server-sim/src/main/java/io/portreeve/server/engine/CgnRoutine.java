package io.portreeve.server.engine;

import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.SubscriberId;

/** What the engine asks of the CGN. */
public sealed interface CgnRoutine {
    record GetSubscriber(SubscriberId id) implements CgnRoutine {}

    record CreatePcpMapping(CgnMapping mapping) implements CgnRoutine {}

    record DeletePcpMapping(PcpMapHandle mapping) implements CgnRoutine {}
}
