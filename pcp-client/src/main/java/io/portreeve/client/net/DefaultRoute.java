package io.portreeve.client.net;

import io.portreeve.pcp.PcpAddress;
import java.net.StandardProtocolFamily;
import java.util.Comparator;
import java.util.Optional;

/**
 * A way to everywhere.
 *
 * @param router empty if the link alone leads there, as on a point-to-point link
 * @param metric 32 bits unsigned; the lowest is the one taken
 */
public record DefaultRoute(StandardProtocolFamily family, int interfaceIndex, Optional<PcpAddress> router, long metric)
        implements Comparable<DefaultRoute> {

    private static final Comparator<DefaultRoute> ORDER = Comparator.comparing(DefaultRoute::family)
            .thenComparing(DefaultRoute::metric)
            .thenComparing(DefaultRoute::interfaceIndex)
            .thenComparing(route -> route.router.orElse(PcpAddress.ANY_IPV6));

    /** By family, in each the one to take first. */
    @Override
    public int compareTo(DefaultRoute other) {
        return ORDER.compare(this, other);
    }
}
