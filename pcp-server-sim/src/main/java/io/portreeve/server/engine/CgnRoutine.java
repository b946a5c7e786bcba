package io.portreeve.server.engine;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.FilterHandle;
import io.portreeve.server.cgn.InternalTuple;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.SubscriberId;

/** What the engine asks of the CGN. */
public sealed interface CgnRoutine {
    record GetSubscriber(SubscriberId id) implements CgnRoutine {}

    record CreateSubscriber(SubscriberId id, PcpAddress external) implements CgnRoutine {}

    record CreatePcpMapping(CgnMapping mapping) implements CgnRoutine {}

    record DeletePcpMapping(PcpMapHandle mapping) implements CgnRoutine {}

    record CreateFilter(PcpMapHandle mapping, CgnFilter filter) implements CgnRoutine {}

    record ReplaceFilter(FilterHandle old, CgnFilter filter) implements CgnRoutine {}

    record DeleteFilter(FilterHandle filter) implements CgnRoutine {}

    record AddDynamicMap(InternalTuple inside, Endpoint destination, Endpoint external, Lifetime lifetime)
            implements CgnRoutine {}

    record FindTraffic(InternalTuple inside, Endpoint destination) implements CgnRoutine {}
}
