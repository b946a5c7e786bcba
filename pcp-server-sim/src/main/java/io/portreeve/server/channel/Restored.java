package io.portreeve.server.channel;

import io.portreeve.server.cgn.FilterHandle;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.SubscriberHandle;
import java.util.Map;
import java.util.Set;

/**
 * What the CGN calls in its new session what it was made to make again.
 *
 * @param lost who cannot have again what it had
 */
record Restored(
        Map<SubscriberHandle, String> subscribers,
        Map<PcpMapHandle, String> mappings,
        Map<FilterHandle, NamedFilter> filters,
        Set<SubscriberHandle> lost) {

    /** @param mapping whose filter it is */
    record NamedFilter(PcpMapHandle mapping, String name) {}
}
