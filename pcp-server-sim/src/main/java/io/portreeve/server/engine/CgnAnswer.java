package io.portreeve.server.engine;

import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.Subscriber;

/** What the CGN answered, one case for each {@link CgnRoutine}, and its refusal. */
public sealed interface CgnAnswer {
    record Known(Subscriber subscriber) implements CgnAnswer {}

    record Created(PcpMapHandle mapping) implements CgnAnswer {}

    record Deleted() implements CgnAnswer {}

    record Failed(CgnError error) implements CgnAnswer {}
}
