package io.portreeve.server.engine;

import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.DynamicMap;
import io.portreeve.server.cgn.FilterHandle;
import io.portreeve.server.cgn.LiveTraffic;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.Subscriber;
import java.util.Optional;

/** What the CGN answered, one case for each kind of {@link CgnRoutine}, and its refusal. */
public sealed interface CgnAnswer {
    record Known(Subscriber subscriber) implements CgnAnswer {}

    record Created(PcpMapHandle mapping) implements CgnAnswer {}

    record Filtered(FilterHandle filter) implements CgnAnswer {}

    record Added(DynamicMap map) implements CgnAnswer {}

    record Found(Optional<LiveTraffic> traffic) implements CgnAnswer {}

    /** A mapping or a filter is there no longer. */
    record Deleted() implements CgnAnswer {}

    record Failed(CgnError error) implements CgnAnswer {}
}
